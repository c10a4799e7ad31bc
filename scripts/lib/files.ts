import { createHash } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, UserError } from "./errors";

/** Files that may hold state are readable by their owner alone. */
export const PRIVATE = 0o600;

export const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");

/**
 * Writes a file so that a reader, or a kill -9, sees either the old content or the new, never a part:
 * temporary file in the same folder, fsync, rename, fsync of the folder.
 */
export const writeFileAtomic = async (path: string, content: string | Uint8Array, mode = 0o644): Promise<void> => {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${process.pid}-${Date.now()}-${Math.random().toString(36).slice(2)}.tmp`);
  try {
    const file = await open(temporary, "wx", mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
};

export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

export const writeJson = (path: string, value: unknown, mode?: number): Promise<void> =>
  writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`, mode);

/** Makes a file readable by its owner alone; a no-op where it is so already. */
export const makePrivate = (path: string): Promise<void> => chmod(path, PRIVATE);

/** Reads a text file, or says which one is missing and what makes it. */
export const readText = async (path: string, fix: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${messageOf(error)}`, { fix, cause: error });
  }
};

/** Parses JSON and names the file when it is empty or torn. */
export const parseJson = (text: string, path: string, fix: string): unknown => {
  if (text.trim() === "") throw new UserError(`${path} is empty; expected JSON`, { fix });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path} is not valid JSON (${whereTorn(error)})`, { fix });
  }
};

/** JSON.parse quotes the text around a fault, which may be a secret of a state: only the position is passed on. */
const whereTorn = (error: unknown): string =>
  /at position \d+/.exec(messageOf(error))?.[0] ?? "it is torn or was edited";
