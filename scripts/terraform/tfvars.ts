import { UserError } from "../lib/errors";
import { readText, writeFileAtomic } from "../lib/files";

/** The one line that says which modules another tool owns. Comments behind it stay. */
const RELEASED = /^([ \t]*released[ \t]*=[ \t]*)\[([^\]\n]*)\]/gm;

/** The same text with another list of released modules; every other byte stays. */
export const withReleased = (path: string, text: string, released: readonly string[]): string => {
  const found = [...text.matchAll(RELEASED)];
  const list = `[${released.map((module) => JSON.stringify(module)).join(", ")}]`;
  if (found.length !== 1) {
    const problem = found.length === 0 ? "has no line" : `has ${found.length} lines`;
    throw new UserError(`${path} ${problem} \`released = [...]\`; expected exactly one`, {
      fix: `write \`released = ${list}\` on one line of ${path}`,
    });
  }
  return text.replace(RELEASED, (_line, before: string) => `${before}${list}`);
};

/** Writes the list of released modules; no write when it is already so. */
export const writeReleased = async (path: string, released: readonly string[]): Promise<void> => {
  const text = await readText(path, "restore it from version control");
  const edited = withReleased(path, text, released);
  if (edited !== text) await writeFileAtomic(path, edited);
};
