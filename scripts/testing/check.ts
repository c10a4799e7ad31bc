import { resolve } from "node:path";
import { messageOf } from "../lib/errors";
import { handleSignals, run } from "../lib/processes";

const root = resolve(__dirname, "../..");

/** Format, types and lint of both languages. Needs no network and no account. */
const checks: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ["format and lint (biome)", "node_modules/.bin/biome", ["check", "--error-on-warnings", "."]],
  ["types (tsc)", "node_modules/.bin/tsc", ["-p", "."]],
  ["format of the HCL (terraform fmt)", "terraform", ["fmt", "-check", "-recursive", "-diff", "legacy-terraform"]],
];

const main = async (): Promise<void> => {
  handleSignals();
  let failed = 0;
  for (const [name, command, args] of checks) {
    try {
      await run(command, args, { cwd: root, env: process.env });
      process.stdout.write(`ok    ${name}\n`);
    } catch (error) {
      failed += 1;
      process.stdout.write(`FAIL  ${name}\n${messageOf(error)}\n`);
    }
  }
  process.exitCode = failed > 0 ? 1 : 0;
};

void main();
