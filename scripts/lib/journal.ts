import { mkdir, open, readFile, rename, truncate } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "./errors";
import { PRIVATE, sha256, syncFolder, writeJson } from "./files";

export type JournalEvent = "begin" | "end" | "start" | "finish" | "failed" | "note" | "child" | "verified" | "planned";

/** What a command writes down. No attribute values: the journal is read aloud in incident channels. */
export interface JournalEntry {
  readonly event: JournalEvent;
  readonly command: string;
  readonly waves: readonly string[];
  readonly step?: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export interface JournalRecord extends JournalEntry {
  readonly seq: number;
  /** ISO 8601. */
  readonly time: string;
  /** One per started command. */
  readonly run: string;
  /** Hash of the record before; 64 zeros for the first. */
  readonly prev: string;
  readonly hash: string;
}

export interface JournalContent {
  readonly records: readonly JournalRecord[];
  /** Bytes of a last line that a kill tore; dropped by the next append. */
  readonly tornBytes: number;
  /** Why the journal cannot be trusted; empty when it can. */
  readonly damage: string;
}

const FIRST = "0".repeat(64);
const headPath = (path: string): string => join(dirname(path), "journal.head.json");

const hashOf = (record: Omit<JournalRecord, "hash">): string => {
  const { seq, time, run, command, waves, event, step, detail, prev } = record;
  return sha256(JSON.stringify([seq, time, run, command, waves, event, step ?? null, detail ?? null, prev]));
};

const parseLine = (line: string): JournalRecord | undefined => {
  try {
    return JSON.parse(line) as JournalRecord;
  } catch {
    return undefined;
  }
};

const readIfThere = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
};

/** The chain up to the first record that does not follow from the one before. */
const followChain = (lines: readonly string[]): { records: JournalRecord[]; damage: string } => {
  const records: JournalRecord[] = [];
  for (const [index, line] of lines.entries()) {
    const record = parseLine(line);
    const prev = records.at(-1)?.hash ?? FIRST;
    if (!record || record.seq !== index || record.prev !== prev || record.hash !== hashOf(record)) {
      return { records, damage: `line ${index + 1} was changed, removed or inserted` };
    }
    records.push(record);
  }
  return { records, damage: "" };
};

/** The head is written after each append, so it may lag by the records of one kill, but never lead. */
const checkHead = async (path: string, records: readonly JournalRecord[]): Promise<string> => {
  const text = await readIfThere(headPath(path));
  if (!text) return records.length > 1 ? `${headPath(path)} is missing` : "";
  const head = parseLine(text.toString("utf8"));
  if (!head) return `${headPath(path)} is not valid JSON`;
  if (records[head.seq]?.hash === head.hash) return "";
  return `${head.seq + 1} records were written and ${records.length} are left`;
};

/** Reads a journal without changing it. A missing one is empty, unless its head says that there was one. */
export const readJournal = async (path: string): Promise<JournalContent> => {
  const bytes = (await readIfThere(path)) ?? Buffer.alloc(0);
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, end).toString("utf8").split("\n").slice(0, -1);
  const { records, damage } = followChain(lines);
  return { records, tornBytes: bytes.length - end, damage: damage || (await checkHead(path, records)) };
};

const appendLine = async (path: string, line: string): Promise<void> => {
  const file = await open(path, "a", PRIVATE);
  try {
    await file.writeFile(line);
    await file.sync();
  } finally {
    await file.close();
  }
};

export interface Journal {
  readonly path: string;
  /** Appends and fsyncs one record; when it returns, the record survives a kill and a power cut. */
  write(entry: Omit<JournalEntry, "command" | "waves">): Promise<void>;
}

/**
 * Opens a journal for writing, dropping a torn last line. The caller holds the lock of the environment.
 * @throws UserError when the chain is broken: then only `recover` may go on.
 */
export const openJournal = async (
  path: string,
  owner: { readonly command: string; readonly waves: readonly string[]; readonly fix: string },
): Promise<Journal> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const content = await readJournal(path);
  if (content.damage) throw new UserError(`${path} cannot be trusted: ${content.damage}`, { fix: owner.fix });
  if (content.tornBytes > 0) await dropTornLine(path, content.tornBytes);
  let last = content.records.at(-1);
  const run = `${new Date().toISOString()}-${process.pid}`;
  const write: Journal["write"] = async (entry) => {
    const record = { seq: (last?.seq ?? -1) + 1, time: new Date().toISOString(), run, ...entry };
    const chained = { ...record, command: owner.command, waves: owner.waves, prev: last?.hash ?? FIRST };
    const complete: JournalRecord = { ...chained, hash: hashOf(chained) };
    await appendLine(path, `${JSON.stringify(complete)}\n`);
    if (!last) await syncFolder(dirname(path));
    await writeJson(headPath(path), { seq: complete.seq, hash: complete.hash }, PRIVATE);
    last = complete;
  };
  return { path, write };
};

const dropTornLine = async (path: string, tornBytes: number): Promise<void> => {
  const bytes = await readFile(path);
  await truncate(path, bytes.length - tornBytes);
};

/** Puts a broken journal aside, so that a new chain can begin. Returns where it went. */
export const setAsideJournal = async (path: string): Promise<string> => {
  const aside = join(dirname(path), `journal.broken-${new Date().toISOString().replaceAll(":", "")}.jsonl`);
  for (const [from, to] of [
    [path, aside],
    [headPath(path), `${aside}.head.json`],
  ] as const) {
    await rename(from, to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    });
  }
  await syncFolder(dirname(path));
  return aside;
};
