import { createInterface } from "node:readline/promises";
import { UserError } from "./errors";

/** How a command gets its go-ahead. */
export interface Confirmation {
  /** `--yes`: a person or a pipeline has decided before. */
  readonly yes: boolean;
  readonly input?: NodeJS.ReadableStream & { isTTY?: boolean };
  readonly output?: NodeJS.WritableStream;
}

const ask = async (question: string, input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<string> => {
  const lines = createInterface({ input, output });
  try {
    // A closed input answers nothing, which is not the word that was asked for.
    const closed = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
    return await Promise.race([lines.question(question), closed]);
  } finally {
    lines.close();
  }
};

/**
 * Waits until a person has typed `word`, which names what is at stake.
 * @throws UserError when something else is typed, or when there is nobody to ask
 */
export const confirmByTyping = async (what: string, word: string, confirmation: Confirmation): Promise<void> => {
  if (confirmation.yes) return;
  const input = confirmation.input ?? process.stdin;
  if (input.isTTY !== true) {
    throw new UserError(`${what}\nThis needs a person to confirm it, and there is no terminal`, {
      fix: "run it in a terminal, or add --yes",
    });
  }
  const answer = await ask(`${what}\nType ${word} to go on: `, input, confirmation.output ?? process.stderr);
  if (answer.trim() === word) return;
  throw new UserError(`"${answer.trim()}" is not "${word}"; nothing was changed`, { fix: `repeat, and type ${word}` });
};
