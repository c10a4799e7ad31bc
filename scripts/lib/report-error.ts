import pc from "picocolors";
import { exitCodeOf, messageOf, UserError } from "./errors";
import { mask } from "./masking";

/** Terminal control sequences in a value that a tool printed must not reach the operator's terminal. */
const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\uFFFD");

const indent = (text: string): string => text.replaceAll("\n", "\n       ");

/** What went wrong, what is true now, and what to do, for a terminal. */
export const errorText = (error: unknown): string => {
  const lines = [`${pc.red("error:")} ${indent(messageOf(error))}`];
  if (error instanceof UserError) {
    if (error.now.length > 0) lines.push(`${pc.bold("now:")}   ${indent(error.now.join("\n"))}`);
    if (error.fix) lines.push(`${pc.bold("next:")}  ${indent(error.fix)}`);
  }
  return printable(mask(lines.join("\n")));
};

/** The same for programs. */
export const errorJson = (error: unknown): string => {
  const known = error instanceof UserError ? error : undefined;
  const value = {
    ok: false,
    exitCode: exitCodeOf(error),
    error: messageOf(error),
    now: known?.now ?? [],
    next: known?.fix ?? "",
  };
  return mask(JSON.stringify(value, null, 2));
};
