import { join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { exitCodeOf } from "../lib/errors";
import { handleSignals } from "../lib/processes";
import { createProgress } from "../lib/progress";
import { errorJson, errorText } from "../lib/report-error";
import { printByHand, printVerdict } from "./print";
import { rehearse } from "./rehearse";
import { stopKept } from "./run-file";

const root = resolve(__dirname, "..", "..");

interface Options {
  readonly environment: string;
  readonly allAtOnce: boolean;
  readonly plugin: "auto" | "official" | "bridged";
  readonly keep: boolean;
  readonly stop: boolean;
  readonly port?: number;
  readonly json: boolean;
}

const portNumber = (text: string): number => {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new InvalidArgumentError("expected a number from 1 to 65535");
};

const stop = async (): Promise<string> => {
  const ended = await stopKept(join(root, ".rehearsal"));
  return ended.length > 0 ? `stopped: ${ended.join(", ")}` : "no kept rehearsal is running";
};

const start = async (options: Options): Promise<string> => {
  const progress = createProgress({ quiet: options.json });
  const { report, reportFile, reviewFile, byHand } = await rehearse({ ...options, root, env: process.env, progress });
  process.exitCode = report.result === "passed" ? 0 : 2;
  if (options.json) return JSON.stringify(report, null, 2);
  return [printVerdict(report, [reportFile, reviewFile]), ...(byHand ? [printByHand(byHand)] : [])].join("\n");
};

const act = async (options: Options): Promise<void> => {
  try {
    process.stdout.write(`${await (options.stop ? stop() : start(options))}\n`);
  } catch (error) {
    if (options.json) process.stdout.write(`${errorJson(error)}\n`);
    else process.stderr.write(`${errorText(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
};

const program = new Command("npm start --")
  .description(
    "Rehearse the whole migration on this machine: real Terraform, real Pulumi engine, an emulated AWS, no account.",
  )
  .option("-e, --environment <name>", "environment to rehearse", "dev")
  .option("--all-at-once", "adopt everything in one go and stop before the cutover", false)
  .addOption(
    new Option("--plugin <kind>", "which Pulumi AWS plugin").choices(["auto", "official", "bridged"]).default("auto"),
  )
  .option("--keep", "leave everything running, to go on by hand", false)
  .option("--stop", "stop what --keep left running", false)
  .option("--port <number>", "port of the emulated AWS (default: a free one)", portNumber)
  .option("--json", "print the report as JSON", false)
  .addHelpText("after", "\nExit codes: 0 every promise was kept, 1 failed, 2 the two sides differ, 130 interrupted.")
  .action(act);

handleSignals();
// What `--keep` leaves running would keep this process waiting for it.
void program.parseAsync().then(() => process.stdout.write("", () => process.exit()));
