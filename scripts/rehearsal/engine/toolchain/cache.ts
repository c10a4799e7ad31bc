import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { messageOf, UserError } from "../../../lib/errors";
import { syncFolder } from "../../../lib/files";
import { type ProcessIdentity, stateOf, thisProcess } from "../../../lib/identity";
import { checkInterrupted } from "../../../lib/processes";

const NAME = "terraform-to-pulumi";

/** The folder of this user in which built programs are kept from run to run. `TTP_CACHE_DIR` overrides it. */
export const cacheRoot = (env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string => {
  if (env.TTP_CACHE_DIR) return env.TTP_CACHE_DIR;
  const home = env.HOME || homedir();
  if (platform === "darwin") return join(home, "Library", "Caches", NAME);
  return join(env.XDG_CACHE_HOME || join(home, ".cache"), NAME);
};

const WAIT_MS = 500;

const readOwner = async (path: string): Promise<ProcessIdentity | undefined> => {
  try {
    return JSON.parse(await readFile(path, "utf8")) as ProcessIdentity;
  } catch {
    // Gone in the meantime, or its owner has made it and not written it yet.
    return undefined;
  }
};

const tryTake = async (path: string, self: ProcessIdentity): Promise<boolean> => {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(JSON.stringify(self));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new UserError(`the cache ${path} cannot be written: ${messageOf(error)}`, {
      fix: "set TTP_CACHE_DIR to a folder that can be written",
      cause: error,
    });
  }
};

/**
 * Holds a file lock while `work` runs. A lock whose owner no longer runs is taken over. Should two take it over at once,
 * both build and the second finds the first's result in its place: work is lost, nothing is broken.
 */
export const withLock = async <T>(path: string, onWait: () => void, work: () => Promise<T>): Promise<T> => {
  const self = await thisProcess();
  while (!(await tryTake(path, self))) {
    const owner = await readOwner(path);
    if (owner && (await stateOf(owner)) === "dead") await rm(path, { force: true });
    else {
      onWait();
      checkInterrupted();
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
};

const removeLeftovers = async (root: string, key: string): Promise<void> => {
  const names = (await readdir(root)).filter((name) => name.startsWith(`${key}.`) && name.endsWith(".unfinished"));
  await Promise.all(names.map((name) => rm(join(root, name), { recursive: true, force: true })));
};

/**
 * The folder `<root>/<key>`, filled by `build` unless it is there. It is there complete or not at all: it is filled under
 * another name and renamed at the end.
 */
export const cached = async (
  root: string,
  key: string,
  onWait: () => void,
  build: (folder: string) => Promise<void>,
): Promise<string> => {
  const place = join(root, key);
  if (existsSync(place)) return place;
  await mkdir(root, { recursive: true, mode: 0o700 });
  return withLock(join(root, `${key}.lock`), onWait, async () => {
    if (existsSync(place)) return place;
    await removeLeftovers(root, key);
    const unfinished = join(root, `${key}.${process.pid}.unfinished`);
    await mkdir(unfinished);
    try {
      await build(unfinished);
      if (!existsSync(place)) await rename(unfinished, place);
      await syncFolder(root);
    } finally {
      await rm(unfinished, { recursive: true, force: true });
    }
    return place;
  });
};
