/** What a command hands to whoever called it: the command line prints it, the rehearsal reads it. */
export interface Result<Data = unknown> {
  /** 0 done, 2 the two sides differ. Failures are thrown. */
  readonly exitCode: 0 | 2;
  /** For people, without a final newline. */
  readonly text: string;
  /** For programs: printed by `--json`. Holds no secrets. */
  readonly data: Data;
}

export const done = <Data>(text: string, data: Data): Result<Data> => ({ exitCode: 0, text, data });
export const different = <Data>(text: string, data: Data): Result<Data> => ({ exitCode: 2, text, data });
export const isDifferent = (result: Result): boolean => result.exitCode === 2;
