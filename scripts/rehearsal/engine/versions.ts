/** The one version of everything the engine is made of. A change here is a new cache folder, so nothing old is reused. */
export const PULUMI_CLI = "3.259.0";
/** Installed CLIs from here on are used as they are: older ones lack the engine's fixes for imports. */
export const PULUMI_CLI_OLDEST = "3.230.0";
export const LANGUAGE_NODEJS = "3.68.0";
export const BRIDGE = "3.136.0";
/** What the Pulumi program is written against, and what the plugin must therefore answer. */
export const AWS_PLUGIN = "6.83.0";
/** The Terraform provider from which that plugin is bridged. */
export const AWS_TERRAFORM_PROVIDER = "5.100.0";
export const TERRAFORM_PLUGIN = "6.1.0";
/** The oldest Go that the modules above accept (the highest `go` line of go/<module>/go.mod). */
export const GO_OLDEST = "1.25.11";

export type Version = readonly [number, number, number];

/** The first `1.2.3` in a text such as `v3.259.0-dev` or `go version go1.26.8 linux/amd64`; two parts count as `.0`. */
export const parseVersion = (text: string): Version | undefined => {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : undefined;
};

/** Whether `found` is `oldest` or newer; false when no version can be read from it. */
export const isAtLeast = (found: string, oldest: string): boolean => {
  const have = parseVersion(found);
  const want = parseVersion(oldest);
  if (!have || !want) return false;
  for (const part of [0, 1, 2] as const) {
    if (have[part] !== want[part]) return have[part] > want[part];
  }
  return true;
};
