import { spinner } from "@clack/prompts";
import pc from "picocolors";

export interface StepRecord {
  readonly name: string;
  readonly seconds: number;
  readonly ok: boolean;
}

export interface Progress {
  /** Runs one named step, shows that it runs and how long it took. `update` replaces the detail beside its name. */
  step<T>(name: string, work: (update: (detail: string) => void) => Promise<T>): Promise<T>;
  /** One line of information. */
  note(text: string): void;
  /** All finished steps, in order. */
  readonly steps: readonly StepRecord[];
}

interface Line {
  update(detail: string): void;
  end(ok: boolean, seconds: number): void;
}

const summary = (name: string, detail: string, seconds: number): string =>
  `${name}${detail ? pc.dim(`  ${detail}`) : ""} ${pc.dim(`${seconds.toFixed(1)} s`)}`;

const spinning = (name: string): Line => {
  const line = spinner({ indicator: "timer" });
  let detail = "";
  line.start(name);
  return {
    update: (text) => {
      detail = text;
      line.message(`${name}${pc.dim(`  ${text}`)}`);
    },
    end: (ok, seconds) => (ok ? line.stop(summary(name, detail, seconds)) : line.error(summary(name, detail, seconds))),
  };
};

const plain = (name: string, write: (text: string) => void): Line => {
  let detail = "";
  return {
    update: (text) => {
      detail = text;
    },
    end: (ok, seconds) => write(`${ok ? pc.green("ok") : pc.red("FAILED")}  ${summary(name, detail, seconds)}`),
  };
};

/**
 * Progress on standard error, so that `--json` on standard output stays clean.
 * A spinner on a terminal, one plain line per finished step elsewhere, nothing when quiet.
 */
export const createProgress = (options: { quiet?: boolean; stream?: NodeJS.WriteStream } = {}): Progress => {
  const stream = options.stream ?? process.stderr;
  const write = (text: string): void => {
    if (!options.quiet) stream.write(`${text}\n`);
  };
  // The spinner draws on standard output, so it is used only where both are the same terminal.
  const interactive = !options.quiet && stream.isTTY === true && process.stdout.isTTY === true && !process.env.CI;
  const steps: StepRecord[] = [];
  let depth = 0;
  return {
    steps,
    note: write,
    async step(name, work) {
      const line = interactive && depth === 0 ? spinning(name) : plain(`${"  ".repeat(depth)}${name}`, write);
      const began = performance.now();
      depth += 1;
      let ok = false;
      try {
        const result = await work(line.update);
        ok = true;
        return result;
      } finally {
        depth -= 1;
        const seconds = (performance.now() - began) / 1000;
        steps.push({ name, seconds, ok });
        line.end(ok, seconds);
      }
    },
  };
};
