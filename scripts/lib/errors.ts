/** What an operator can act on: one message, where it is, and what to do. Printed without a stack trace, exit code 1. */
export class UserError extends Error {
  override readonly name: string = "UserError";
  /** What to do about it, as a sentence or a command. */
  fix: string | undefined;
  /** What is true now, one line each, when a command stopped half-way. */
  now: readonly string[] = [];

  constructor(message: string, options: { fix?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.fix = options.fix;
  }

  /** Adds what only a caller further up knows. The kind of error, and with it the exit code, stays. */
  withMore(more: { readonly fix: string; readonly now: readonly string[] }): this {
    this.fix = more.fix;
    this.now = more.now;
    return this;
  }
}

/** The work was done and the two sides are not equal: exit code 2, as `terraform plan -detailed-exitcode` does. */
export class DifferencesFound extends UserError {
  override readonly name = "DifferencesFound";
}

/** The operator pressed Ctrl-C, or the process was asked to end: exit code 130. */
export class Interrupted extends UserError {
  override readonly name = "Interrupted";
}

export const exitCodeOf = (error: unknown): number => {
  if (error instanceof DifferencesFound) return 2;
  if (error instanceof Interrupted) return 130;
  return 1;
};

/** The message of anything that was thrown, for embedding in another message. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
