import type { S3Client } from "@aws-sdk/client-s3";
import { s3Client } from "../lib/aws";
import { forgetChildren, settleChildren } from "../lib/children";
import type { Checked } from "../lib/context";
import { messageOf, UserError } from "../lib/errors";
import { type Journal, type JournalRecord, openJournal, readJournal } from "../lib/journal";
import { describeHolder, type Holder, type Lock, newHolder, takeLocalLock } from "../lib/lock";
import { mask } from "../lib/masking";
import { migrate, paths } from "../lib/paths";
import { takeRemoteLock, takeTerraformLock } from "../lib/remote-lock";

export type WritingCommand = "adopt" | "cutover" | "rollback";

/** A writing command under way: it holds every lock and keeps the journal. */
export interface Session {
  readonly context: Checked;
  readonly command: WritingCommand;
  /** The waves it moves, in the order of the map. */
  readonly waves: readonly string[];
  readonly journal: Journal;
  /** What the journal held when this command started. */
  readonly earlier: readonly JournalRecord[];
}

interface Purpose {
  readonly command: WritingCommand;
  readonly waves: readonly string[];
  /** Facts for the journal's `start` record, e.g. the hash of the plan document. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

type Release = () => Promise<void>;

const noteTakeover = (context: Checked, lock: Lock): void => {
  if (!lock.takenFrom) return;
  context.progress.note(`took over the lock of a run that is dead: ${describeHolder(lock.takenFrom)}`);
};

const refuseTerraform = (context: Checked) => (who: string, operation: string, id: string) => {
  const unlock = `terraform -chdir=${paths(context).hcl} force-unlock ${id}`;
  const fix = `wait for it; if you know that it is dead: ${unlock}, then repeat`;
  return new UserError(`Terraform's state is locked by ${who}: ${operation}`, { fix });
};

const remoteLocks = async (context: Checked, s3: S3Client, holder: Holder, fix: string, releases: Release[]) => {
  const state = context.settings.stateObject;
  if (!state) return;
  const remote = await takeRemoteLock(s3, state, holder, fix);
  releases.unshift(remote.release);
  // The same dead run usually left both locks; it is named once.
  if (!holder.tookOver.includes(remote.takenFrom?.id ?? "")) noteTakeover(context, remote);
  releases.unshift(await takeTerraformLock(s3, state, remote, refuseTerraform(context)));
};

/** Local lock, then waiting for orphans, then the locks beside the state. Pushes how to give each back. */
const takeLocks = async (context: Checked, s3: S3Client, purpose: Purpose, releases: Release[]): Promise<void> => {
  const fix = `wait for it; if you know that it is dead: ${migrate("recover", context.environment, "--release-lock")}`;
  const holder = await newHolder({ environment: context.environment, ...purpose });
  const local = await takeLocalLock(paths(context).lock, holder, fix);
  releases.unshift(local.release);
  noteTakeover(context, local);
  await settleChildren(context);
  await remoteLocks(context, s3, local.holder, fix, releases);
};

const releaseAll = async (context: Checked, releases: readonly Release[]): Promise<void> => {
  for (const release of releases) {
    await release().catch((error: unknown) => context.progress.note(`a lock stays behind: ${messageOf(error)}`));
  }
};

const journalled = async <T>(
  session: Session,
  purpose: Purpose,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const { journal } = session;
  await journal.write({ event: "start", ...(purpose.detail ? { detail: purpose.detail } : {}) });
  try {
    const result = await work(session);
    await journal.write({ event: "finish" });
    await forgetChildren(session.context);
    return result;
  } catch (error) {
    const reason = mask(messageOf(error)).split("\n")[0]?.slice(0, 300) ?? "";
    // A full disk may have been the reason; the command's own message matters more than this record.
    await journal.write({ event: "failed", detail: { reason } }).catch(() => undefined);
    throw error;
  }
};

/** For saying what would be done: holds no lock, and cannot write. */
export const drySession = async (context: Checked, { command, waves }: Purpose): Promise<Session> => {
  const { journal: path } = paths(context);
  const write = (): Promise<never> => Promise.reject(new Error("a dry run writes no journal"));
  return { context, command, waves, journal: { path, write }, earlier: (await readJournal(path)).records };
};

/** Runs `work` alone: of two operators at once exactly one gets here, and plain `terraform apply` is refused too. */
export const withSession = async <T>(
  context: Checked,
  purpose: Purpose,
  work: (session: Session) => Promise<T>,
): Promise<T> => {
  const { command, waves } = purpose;
  const releases: Release[] = [];
  const s3 = s3Client(context.env, context.settings.stateObject?.region ?? context.settings.region);
  try {
    await takeLocks(context, s3, purpose, releases);
    const fix = migrate("recover", context.environment, "--reset-journal");
    const journal = await openJournal(paths(context).journal, { command, waves, fix });
    const { records: earlier } = await readJournal(journal.path);
    return await journalled({ context, command, waves, journal, earlier }, purpose, work);
  } finally {
    await releaseAll(context, releases);
    s3.destroy();
  }
};
