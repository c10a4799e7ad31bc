import { confirmByTyping } from "../lib/confirm";
import { type Checked, type Context, preflight } from "../lib/context";
import { readJournal, setAsideJournal } from "../lib/journal";
import { breakLocalLock, describeHolder, type Holder, readLocalLock } from "../lib/lock";
import { migrate, paths } from "../lib/paths";
import { breakRemoteLocks, readRemoteLock } from "../lib/remote-lock";
import { onRemote } from "./remote";
import { done, type Result } from "./result";

export interface RecoverOptions {
  readonly releaseLock: boolean;
  readonly resetJournal: boolean;
  readonly yes: boolean;
}

export interface Recovery {
  readonly local?: Holder;
  readonly remote?: Holder;
  /** Why the journal cannot be trusted; empty when it can. */
  readonly journalDamage: string;
  /** Where the broken journal went. */
  readonly journalAside?: string;
  readonly released: boolean;
}

const releaseLock = async (context: Checked, holders: readonly Holder[], yes: boolean): Promise<boolean> => {
  if (holders.length === 0) return false;
  // The file here and the object beside the state usually name the same run.
  const who = [...new Set(holders.map(describeHolder))].join("\n");
  const what = `This ends a lock. If its holder still works, both states can be damaged.\n${who}`;
  await confirmByTyping(what, context.environment, { yes });
  await breakLocalLock(paths(context).lock);
  await onRemote(context, (s3, state) => breakRemoteLocks(s3, state, holders));
  return true;
};

const resetJournal = async (context: Checked, damage: string, yes: boolean): Promise<string | undefined> => {
  if (!damage) return undefined;
  const path = paths(context).journal;
  const what = `This puts ${path} aside (${damage}) and begins a new journal. What is done is read from the states.`;
  await confirmByTyping(what, context.environment, { yes });
  return setAsideJournal(path);
};

const describe = (context: Context, found: Recovery): string => {
  const holder = found.local ?? found.remote;
  const lock = !holder ? "no lock is held" : `${found.released ? "released" : "held"}: ${describeHolder(holder)}`;
  const journal = found.journalAside
    ? `the broken journal is now ${found.journalAside}`
    : found.journalDamage
      ? `the journal cannot be trusted: ${found.journalDamage}`
      : "the journal is whole";
  return `${lock}\n${journal}\n\nnext:  ${migrate("status", context.environment)}`;
};

/** Shows who holds the lock and whether the journal is whole; ends either only after a person has typed so. */
export const recover = async (context: Context, options: RecoverOptions): Promise<Result<Recovery>> => {
  const checked = await preflight(context);
  const { journal, lock } = paths(context);
  const local = await readLocalLock(lock);
  const remote = await onRemote(checked, readRemoteLock);
  const { damage } = await readJournal(journal);
  const holders = [local, remote].filter((each): each is Holder => each !== undefined);
  const released = options.releaseLock && (await releaseLock(checked, holders, options.yes));
  const journalAside = options.resetJournal ? await resetJournal(checked, damage, options.yes) : undefined;
  const found: Recovery = {
    ...(local ? { local } : {}),
    ...(remote ? { remote } : {}),
    journalDamage: damage,
    ...(journalAside ? { journalAside } : {}),
    released,
  };
  return done(describe(context, found), found);
};
