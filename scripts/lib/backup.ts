import { chmod, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { messageOf, UserError } from "./errors";
import { PRIVATE, parseJson, sha256, syncFolder } from "./files";

/** What a backup holds, by file name: sha256 of each file. */
const manifestShape = z.object({
  version: z.literal(1),
  command: z.string(),
  waves: z.array(z.string()),
  created: z.string(),
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
});
export type Manifest = z.infer<typeof manifestShape>;

export interface Backup {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Of the manifest, which holds the hashes of all else; the journal keeps it. */
  readonly sha256: string;
}

const MANIFEST = "manifest.json";

const writeSynced = async (path: string, content: string): Promise<void> => {
  const file = await open(path, "wx", PRIVATE);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
};

const checkBytes = async (folder: string, name: string, expected: string): Promise<string> => {
  const path = join(folder, name);
  const content = await readFile(path, "utf8").catch((error: unknown) => {
    throw new UserError(`backup ${path} cannot be read: ${messageOf(error)}`, { fix: "use another backup" });
  });
  if (sha256(content) === expected) return content;
  throw new UserError(`backup ${path} was changed after it was written`, { fix: "use another backup" });
};

/**
 * Writes own copies of everything a command is about to change: fsynced, 0600, read back and compared. The folder gets
 * its final name last, so that a half-written backup is never taken for one.
 * @throws UserError when a byte could not be kept; then nothing has been changed yet
 */
export const writeBackup = async (
  parent: string,
  about: { readonly command: string; readonly waves: readonly string[] },
  files: Readonly<Record<string, string>>,
): Promise<Backup> => {
  const created = new Date().toISOString();
  const name = `${created.replaceAll(/[:.]/g, "")}-${about.command}-${about.waves.join("-")}`;
  const partial = join(parent, `.${name}.partial`);
  try {
    await mkdir(partial, { recursive: true, mode: 0o700 });
    await chmod(parent, 0o700);
    const hashes = Object.fromEntries(Object.entries(files).map(([file, content]) => [file, sha256(content)]));
    const manifest: Manifest = { version: 1, ...about, waves: [...about.waves], created, files: hashes };
    for (const [file, content] of Object.entries(files)) await writeSynced(join(partial, file), content);
    const manifestText = `${JSON.stringify(manifest, null, 2)}\n`;
    await writeSynced(join(partial, MANIFEST), manifestText);
    for (const [file, hash] of Object.entries(hashes)) await checkBytes(partial, file, hash);
    await syncFolder(partial);
    await rename(partial, join(parent, name));
    await syncFolder(parent);
    return { folder: join(parent, name), manifest, sha256: sha256(manifestText) };
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    const fix = `make room and check the rights of ${parent}, then repeat; nothing has been changed`;
    throw new UserError(`the backup could not be written: ${messageOf(error)}`, { fix, cause: error });
  }
};

/** A finished backup. @throws UserError when it is torn or of another shape. */
export const readBackup = async (folder: string): Promise<Backup> => {
  const path = join(folder, MANIFEST);
  const fix = "use another backup";
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new UserError(`${path} cannot be read: ${messageOf(error)}`, { fix });
  });
  const result = manifestShape.safeParse(parseJson(text, path, fix));
  if (result.success) return { folder, manifest: result.data, sha256: sha256(text) };
  throw new UserError(`${path} is not the manifest of a backup`, { fix });
};

/** One file of a backup, its hash checked. */
export const readBackupFile = async (backup: Backup, name: string): Promise<string> => {
  const expected = backup.manifest.files[name];
  if (expected && basename(name) === name) return checkBytes(backup.folder, name, expected);
  throw new UserError(`backup ${backup.folder} holds no ${name}`, { fix: "use another backup" });
};

/** Finished backups of a command that cover all these waves, newest first. A broken one is reported, not skipped. */
export const findBackups = async (
  parent: string,
  command: string,
  waves: readonly string[],
): Promise<readonly Backup[]> => {
  const names = (await readdir(parent).catch(() => [])).filter((name) => !name.startsWith("."));
  const found = names.filter((name) => name.includes(`-${command}-`)).sort();
  const backups: Backup[] = [];
  for (const name of found.reverse()) {
    const backup = await readBackup(join(parent, name));
    if (waves.every((wave) => backup.manifest.waves.includes(wave))) backups.push(backup);
  }
  return backups;
};
