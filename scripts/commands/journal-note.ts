import type { Context } from "../lib/context";
import { type JournalEntry, openJournal, readJournal } from "../lib/journal";
import { newHolder, takeLocalLock } from "../lib/lock";
import { migrate, paths } from "../lib/paths";

/**
 * One line in the journal from a command that changes neither state, so that `status` knows what comes next. It gives
 * way: when somebody holds the lock or the journal is broken, nothing is written, and nothing is lost but a hint.
 */
export const noteInJournal = async (
  context: Context,
  about: { readonly command: string; readonly waves: readonly string[] },
  entry: Pick<JournalEntry, "event" | "detail">,
): Promise<void> => {
  const { journal, lock } = paths(context);
  if ((await readJournal(journal)).damage) return;
  const holder = await newHolder({ environment: context.environment, ...about });
  const taken = await takeLocalLock(lock, holder, "").catch(() => undefined);
  if (!taken) return;
  try {
    const opened = await openJournal(journal, { ...about, fix: migrate("recover", context.environment) });
    await opened.write(entry);
  } finally {
    await taken.release();
  }
};
