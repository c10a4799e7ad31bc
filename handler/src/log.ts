/** One line of JSON; CloudWatch Logs Insights finds its fields by name. Never the text of an item. */
export type Log = (
  level: "info" | "warn" | "error",
  message: string,
  fields: Readonly<Record<string, unknown>>,
) => void;

export type WriteLine = (line: string) => void;

// Straight to standard output: console.log would put a prefix before the line, and metrics in it would not be found.
export const writeLine: WriteLine = (line) => {
  process.stdout.write(`${line}\n`);
};

export const createLog =
  (write: WriteLine, always: Readonly<Record<string, unknown>>): Log =>
  (level, message, fields) =>
    write(JSON.stringify({ level, message, time: new Date().toISOString(), ...always, ...fields }));
