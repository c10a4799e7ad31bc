/** What a worker prints after each test file: the file's exit code between marks that no test prints. */
const MARK = "\u0001end-of-test-file\u0001";

export const endMark = (exitCode: number): string => `${MARK}${exitCode}${MARK}\n`;

/** The output before the mark and the exit code in it; undefined as long as the file is not finished. */
export const untilMark = (output: string): { text: string; exitCode: number } | undefined => {
  const [text = "", exitCode, rest] = output.split(MARK);
  return exitCode === undefined || rest === undefined ? undefined : { text, exitCode: Number(exitCode) };
};
