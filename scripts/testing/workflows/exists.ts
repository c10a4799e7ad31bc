import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";

/** What a pipeline's command may refer to. */
export interface Known {
  readonly root: string;
  /** Names of the scripts in package.json. */
  readonly npmScripts: readonly string[];
  /** The migration command line. */
  readonly migrate: Command;
  /** Paths of all test files. */
  readonly tests: readonly string[];
}

const SHORT = new Set(["start", "test"]);
/** npm's own commands that a pipeline may call. */
const NPM = new Set(["ci"]);

const migration = ([name = "", ...options]: readonly string[], { migrate }: Known): string[] => {
  const command = migrate.commands.find((each) => each.name() === name);
  if (!command) return [`scripts/cli.ts registers no command "${name}"`];
  const long = options.filter((option) => option.startsWith("--")).map((option) => option.split("=")[0] ?? "");
  return long
    .filter((option) => !command.options.some((each) => each.long === option))
    .map((option) => `\`${name}\` has no option ${option}`);
};

const npm = (words: readonly string[], known: Known): string[] => {
  const [verb = "", ...rest] = words;
  if (NPM.has(verb)) return [];
  const name = SHORT.has(verb) ? verb : verb === "run" ? (rest.shift() ?? "") : "";
  if (!known.npmScripts.includes(name)) return [`package.json has no script "${name || verb}"`];
  const args = rest[0] === "--" ? rest.slice(1) : [];
  if (name === "migrate") return migration(args, known);
  return args
    .filter((filter) => !known.tests.some((file) => file.includes(filter)))
    .map((filter) => `no test file matches "${filter}"`);
};

/** Options whose value is a file or folder, and below which folder the tool looks for it. */
const terraform = (words: readonly string[], { root }: Known): string[] => {
  const folder = words.find((word) => word.startsWith("-chdir="))?.slice("-chdir=".length) ?? ".";
  const files = words
    .filter((word) => /^-(var-file|backend-config)=/.test(word))
    .map((word) => word.split("=")[1] ?? "");
  return [folder, ...files.map((file) => join(folder, file))]
    .filter((path) => !existsSync(join(root, path)))
    .map((path) => `${path} does not exist`);
};

const after = (words: readonly string[], option: string): string | undefined => {
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
};

const pulumi = (words: readonly string[], { root }: Known): string[] => {
  const folder = after(words, "--cwd") ?? ".";
  const pack = after(words, "--policy-pack");
  const needed = [
    join(folder, "Pulumi.yaml"),
    join(folder, `Pulumi.${after(words, "--stack")}.yaml`),
    ...(pack ? [join(folder, pack, "PulumiPolicy.yaml")] : []),
  ];
  return needed.filter((path) => !existsSync(join(root, path))).map((path) => `${path} does not exist`);
};

/** Scripts of ours that run the command behind their first argument. */
const WRAPPERS = new Set([".github/drift.sh"]);

/**
 * Why a pipeline's command would not run in a checkout; empty when it would. A program that is not known here is an error:
 * a pipeline does nothing that a person cannot do with the tools of the README.
 */
export const problemsOf = (line: string, known: Known): string[] => {
  const [program = "", ...words] = line.split(/\s+/);
  if (program === "npm") return npm(words, known);
  if (program === "terraform") return terraform(words, known);
  if (program === "pulumi") return pulumi(words, known);
  // Hands a job's own token over as a file.
  if (program === "printf" && /> \/tmp\/aws-token$/.test(line)) return [];
  if (program.startsWith(".")) {
    if (!existsSync(join(known.root, program))) return [`${program} does not exist`];
    return WRAPPERS.has(program) ? problemsOf(words.slice(1).join(" "), known) : [];
  }
  return [`${program} is no program that the README asks for`];
};
