import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "./errors";
import { PRIVATE, syncFolder } from "./files";
import { type ProcessIdentity, stateOf, thisProcess } from "./identity";

/** Who is at it, where, since when and for what. */
export interface Holder extends ProcessIdentity {
  readonly id: string;
  readonly environment: string;
  readonly command: string;
  readonly waves: readonly string[];
  /** ISO 8601. */
  readonly since: string;
  /** Ids of the dead holders whose lock this one took over, newest first. */
  readonly tookOver: readonly string[];
}

export interface Lock {
  readonly holder: Holder;
  /** The dead holder whose lock was taken over, if any. */
  readonly takenFrom?: Holder;
  release(): Promise<void>;
}

export interface LockPurpose {
  readonly environment: string;
  readonly command: string;
  readonly waves: readonly string[];
}

export const newHolder = async (purpose: LockPurpose): Promise<Holder> => ({
  id: randomUUID(),
  ...(await thisProcess()),
  environment: purpose.environment,
  command: purpose.command,
  waves: purpose.waves,
  since: new Date().toISOString(),
  tookOver: [],
});

/** What a dead holder may have left elsewhere is known by its id, so ids are handed down. */
export const inherit = (holder: Holder, dead: Holder | undefined): Holder =>
  dead ? { ...holder, tookOver: [dead.id, ...dead.tookOver].slice(0, 50) } : holder;

export const describeHolder = (holder: Holder): string =>
  `${holder.user}@${holder.host} (process ${holder.pid}) has been at \`${holder.command}\` of ` +
  `${holder.environment} ${holder.waves.join(", ")} since ${holder.since}`;

const GENERATION = /^(\d{8})\.json$/;
const fileOf = (generation: number): string => `${String(generation).padStart(8, "0")}.json`;

/** The newest generation that exists; 0 when nobody ever locked. */
const newest = async (folder: string): Promise<number> => {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return Math.max(0, ...names.map((name) => Number(GENERATION.exec(name)?.[1] ?? 0)));
};

const readHolder = async (path: string): Promise<Holder | undefined> => {
  const text = await readFile(path, "utf8");
  return text.trim() === "" ? undefined : (JSON.parse(text) as Holder);
};

/** Creates a file with its content in one step, or fails because it exists: the point where one of two wins. */
const createWhole = async (folder: string, name: string, content: string): Promise<boolean> => {
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  await writeFile(temporary, content, { mode: PRIVATE, flush: true });
  try {
    await link(temporary, join(folder, name));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
};

/** Whoever holds the lock in this folder now; undefined when nobody does. Writes nothing. */
export const readLocalLock = async (folder: string): Promise<Holder | undefined> => {
  const generation = await newest(folder);
  if (generation === 0) return undefined;
  try {
    return await readHolder(join(folder, fileOf(generation)));
  } catch (error) {
    // Replaced by a newer generation between the two looks.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return readLocalLock(folder);
    throw error;
  }
};

export const heldBy = (holder: Holder, fix: string): UserError =>
  new UserError(`someone else is at it: ${describeHolder(holder)}`, { fix });

const dropOlder = async (folder: string, generation: number): Promise<void> => {
  for (const name of await readdir(folder)) {
    const other = Number(GENERATION.exec(name)?.[1] ?? generation);
    if (other < generation) await rm(join(folder, name), { force: true });
  }
};

/** An empty newest generation means free; it stays, so that numbers only ever grow. */
const releaser = (folder: string, generation: number, holder: Holder) => async (): Promise<void> => {
  const path = join(folder, fileOf(generation));
  const current = await readHolder(path).catch(() => undefined);
  if (current?.id !== holder.id) return;
  const empty = join(folder, `.${randomUUID()}.tmp`);
  await writeFile(empty, "", { mode: PRIVATE, flush: true });
  await rename(empty, path);
  await syncFolder(folder);
};

/**
 * Takes the lock in `folder`. Each taking is a new generation: a file that only one process can create, so a dead
 * holder can be replaced without a moment in which two believe that they won.
 * @throws UserError naming the holder when it is alive or on another machine.
 */
export const takeLocalLock = async (folder: string, holder: Holder, fix: string): Promise<Lock> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const generation = await newest(folder);
  const current = await readLocalLock(folder);
  if (current && (await stateOf(current)) !== "dead") throw heldBy(current, fix);
  const mine = inherit(holder, current);
  const created = await createWhole(folder, fileOf(generation + 1), JSON.stringify(mine));
  // Someone slower than two others may have created a number that is history already.
  const won = created && (await newest(folder)) === generation + 1;
  if (!won) {
    if (created) await rm(join(folder, fileOf(generation + 1)), { force: true });
    return takeLocalLock(folder, holder, fix);
  }
  await dropOlder(folder, generation + 1);
  const release = releaser(folder, generation + 1, mine);
  return current ? { holder: mine, takenFrom: current, release } : { holder: mine, release };
};

/** Ends a lock whoever holds it: only after a person has read who that is and said so. */
export const breakLocalLock = async (folder: string): Promise<void> => {
  if ((await readLocalLock(folder)) === undefined) return;
  const generation = await newest(folder);
  await createWhole(folder, fileOf(generation + 1), "");
  await dropOlder(folder, generation + 1);
};
