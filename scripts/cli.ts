import { dirname } from "node:path";
import { Command, Option } from "commander";
import type { ConvertOptions } from "./commands/convert";
import type { Result } from "./commands/result";
import type { Context } from "./lib/context";
import { exitCodeOf } from "./lib/errors";
import { handleSignals } from "./lib/processes";
import { createProgress } from "./lib/progress";
import { errorJson, errorText } from "./lib/report-error";

import type { Converter } from "./review/convert/run";

/** Options that every migration command has. */
interface CommonOptions {
  readonly environment: string;
  readonly workspace: string;
  readonly json: boolean;
  readonly terraform?: string;
  readonly pulumi?: string;
}

type Run<Options> = (context: Context, options: Options) => Promise<Result>;

const contextOf = async ({ environment, workspace, json, terraform, pulumi }: CommonOptions): Promise<Context> => {
  const { createContext } = await import("./lib/context.js");
  return createContext({
    environment,
    workspace,
    env: process.env,
    progress: createProgress({ quiet: json }),
    ...(terraform ? { terraform } : {}),
    ...(pulumi ? { pulumi } : {}),
  });
};

const report = (work: Promise<Result>, json: boolean): Promise<void> =>
  work.then(
    (result) => {
      process.stdout.write(`${json ? JSON.stringify(result.data, null, 2) : result.text}\n`);
      process.exitCode = result.exitCode;
    },
    (error: unknown) => {
      if (json) process.stdout.write(`${errorJson(error)}\n`);
      else process.stderr.write(`${errorText(error)}\n`);
      process.exitCode = exitCodeOf(error);
    },
  );

/** Loads a command's code only when it is called: `--help` and typing mistakes answer at once. */
const action =
  <Options>(load: () => Promise<Run<Options>>) =>
  (options: Options & CommonOptions): Promise<void> => {
    const work = async (): Promise<Result> => (await load())(await contextOf(options), options);
    return report(work(), options.json === true);
  };

const common = (command: Command): Command =>
  command
    .requiredOption("-e, --environment <name>", "environment, e.g. dev")
    .option("--workspace <folder>", "folder with legacy-terraform/, pulumi/, handler/dist/", dirname(__dirname))
    .option("--terraform <path>", "terraform to use (default: found on PATH)")
    .option("--pulumi <path>", "pulumi to use (default: found on PATH)")
    .option("--json", "machine-readable result on standard output", false);

const withWave = (command: Command, fallback?: string): Command => {
  const text = "wave, or `all` for every wave that is left";
  return fallback
    ? command.option("-w, --wave <name>", text, fallback)
    : command.requiredOption("-w, --wave <name>", text);
};

const writing = (command: Command): Command =>
  withWave(common(command)).option("--execute", "do it; without this only say what would be done", false);

const examples = (...lines: string[]): string =>
  `\nExamples:\n${lines.map((line) => `  npm run migrate -- ${line}`).join("\n")}`;

const readers = (program: Command): void => {
  common(program.command("status").description("who owns what, and the next command; changes nothing"))
    .option("--no-drift", "skip asking AWS whether anything changed outside of both tools")
    .addHelpText("after", examples("status --environment dev", "status --environment dev --no-drift --json"))
    .action(action(async () => (await import("./commands/status.js")).status));
  withWave(
    common(program.command("plan").description("pair both sides and write the document that adopt and cutover take")),
  )
    .addHelpText("after", examples("plan --environment dev --wave delivery"))
    .action(action(async () => (await import("./commands/plan.js")).plan));
  withWave(
    common(program.command("verify").description("prove that both sides are clean and equal; changes nothing")),
    "all",
  )
    .addHelpText("after", examples("verify --environment dev", "verify --environment dev --wave delivery --json"))
    .action(action(async () => (await import("./commands/verify.js")).verify));
};

/** `convert` looks at sources alone, so it needs no environment. */
const converterOf = async (pulumi: string | undefined): Promise<Converter> => {
  const { needProgram } = await import("./lib/context.js");
  return { pulumi: pulumi ?? needProgram("pulumi", process.env), env: process.env };
};

const documents = (program: Command): void => {
  withWave(common(program.command("review").description("both sides next to each other, for a person to sign")), "all")
    .addOption(new Option("--format <format>", "what to write").choices(["html", "github", "json"]).default("html"))
    .option("--out <file>", "file to write (default: review.<environment>.html, .md or .json)")
    .option("--post", "write it into its comment on the pull request that the environment names", false)
    .addHelpText("after", examples("review --environment dev", "review --environment dev --format=github --post"))
    .action(action(async () => (await import("./commands/review.js")).review));
  program
    .command("build-handler")
    .description("bundle the handler into handler/dist/handler.zip, which both sides deploy and hash")
    .option("--json", "machine-readable result on standard output", false)
    .action(({ json }: { readonly json: boolean }) => {
      const work = async (): Promise<Result> => (await import("./commands/build-handler.js")).buildHandlerZip();
      return report(work(), json);
    });
  program
    .command("convert")
    .description("what Pulumi's own converter makes of the HCL, and why the finished program says it otherwise")
    .addOption(
      new Option("--language <language>", "what to convert to").choices(["typescript", "pcl"]).default("typescript"),
    )
    .option("--out <folder>", "keep the converted program there")
    .option("--workspace <folder>", "folder with legacy-terraform/ and pulumi/", dirname(__dirname))
    .option("--pulumi <path>", "pulumi to use (default: found on PATH)")
    .option("--json", "machine-readable result on standard output", false)
    .addHelpText("after", examples("convert", "convert --language pcl --out converted"))
    .action((options: ConvertOptions & { readonly pulumi?: string; readonly json: boolean }) => {
      const work = async (): Promise<Result> =>
        (await import("./commands/convert.js")).convert(await converterOf(options.pulumi), options);
      return report(work(), options.json);
    });
};

const writers = (program: Command): void => {
  writing(program.command("adopt").description("import a wave into Pulumi and prove it; Terraform stays its owner"))
    .addHelpText(
      "after",
      examples("adopt --environment dev --wave delivery", "adopt --environment dev --wave delivery --execute"),
    )
    .action(action(async () => (await import("./commands/adopt.js")).adopt));
  writing(program.command("cutover").description("make Pulumi the only owner of an adopted wave"))
    .option("--yes", "do not ask for the name of the environment", false)
    .option("--hook-before <program>", "run this first; its failure stops the cutover")
    .option("--hook-after <program>", "run this last; its failure is reported")
    .addHelpText("after", examples("cutover --environment dev --wave delivery --execute"))
    .action(action(async () => (await import("./commands/cutover.js")).cutover));
  writing(program.command("rollback").description("give a wave back to Terraform"))
    .option("--yes", "do not ask for the name of the environment", false)
    .addHelpText("after", examples("rollback --environment dev --wave delivery --execute"))
    .action(action(async () => (await import("./commands/rollback.js")).rollback));
  common(
    program
      .command("recover")
      .description("after an accident: show and, with a typed word, end a lock or a broken journal"),
  )
    .option("--release-lock", "end the lock, whoever holds it", false)
    .option("--reset-journal", "put a broken journal aside and begin a new one", false)
    .option("--yes", "do not ask", false)
    .addHelpText("after", examples("recover --environment dev", "recover --environment dev --release-lock"))
    .action(action(async () => (await import("./commands/recover.js")).recover));
};

export const createProgram = (): Command => {
  const program = new Command("npm run migrate --")
    .description(
      "Move the text-to-speech pipeline from Terraform to Pulumi: status, plan, adopt, verify, cutover, rollback.",
    )
    .addHelpText("after", "\nExit codes: 0 done, 1 failed, 2 the two sides differ, 130 interrupted.")
    .showHelpAfterError("(add --help for examples)");
  readers(program);
  documents(program);
  writers(program);
  return program;
};

if (require.main === module) {
  handleSignals();
  void createProgram().parseAsync();
}
