import { cp, mkdir, rm } from "node:fs/promises";
import { basename, join, relative } from "node:path";

/** Everything the two tools read. The rehearsal moves a copy, so that the checkout stays as it is. */
const FOLDERS = ["legacy-terraform", "pulumi", join("handler", "dist")];
const LEFT_BEHIND = new Set([".terraform", "node_modules", ".pulumi"]);

const isSource = (path: string): boolean => !LEFT_BEHIND.has(basename(path)) && !/\.tfstate(\.|$)/.test(path);

/**
 * Copies the sources of both sides byte for byte into an empty folder below the checkout, where `node_modules` is still
 * found upwards.
 */
export const copyWorkspace = async (root: string, target: string): Promise<void> => {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true, mode: 0o700 });
  for (const folder of FOLDERS) {
    await cp(join(root, folder), join(target, folder), {
      recursive: true,
      filter: (path) => isSource(relative(root, path)),
    });
  }
};
