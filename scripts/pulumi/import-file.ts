import type { ImportFile, ImportFileResource } from "../plan/types";

export type VersionedImport = Omit<ImportFile, "resources"> & {
  readonly resources: readonly (ImportFileResource & { readonly version?: string })[];
};

/**
 * The same file with the provider's version at each of its resources. Without it the import would make another provider
 * resource than the program does, and every resource would show as changed.
 * @param plugin provider and version, e.g. `aws@6.83.0`
 */
export const withProviderVersion = (file: ImportFile, plugin: string): VersionedImport => {
  const [provider = "", version = ""] = plugin.split("@");
  return {
    ...file,
    resources: file.resources.map((each) => (each.type.startsWith(`${provider}:`) ? { ...each, version } : each)),
  };
};
