import { hostname } from "node:os";
import { readWith, settleChildren, writeWith } from "../lib/children";
import type { Context } from "../lib/context";
import { DifferencesFound, messageOf, UserError } from "../lib/errors";
import { isRunning } from "../lib/identity";
import { mask } from "../lib/masking";
import { paths } from "../lib/paths";
import type { RunOptions, RunResult } from "../lib/processes";

const MINUTES = 60_000;

export const pulumiEnv = (context: Context): NodeJS.ProcessEnv => ({
  ...context.env,
  PULUMI_SKIP_UPDATE_CHECK: "true",
});

const common = (context: Context): string[] => [
  "--cwd",
  paths(context).program,
  "--stack",
  context.environment,
  "--non-interactive",
  "--color",
  "never",
];

const optionsFor = (context: Context, args: readonly string[], accept?: readonly number[]): RunOptions => ({
  env: pulumiEnv(context),
  timeout: 20 * MINUTES,
  label: `pulumi ${args
    .filter((arg) => !arg.startsWith("-"))
    .slice(0, 2)
    .join(" ")}`,
  ...(accept ? { accept } : {}),
});

const read = (context: Context, args: readonly string[], accept?: readonly number[]): Promise<RunResult> =>
  readWith(context.pulumi, [...args, ...common(context)], optionsFor(context, args, accept));

interface LockHolder {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  readonly since: string;
}

const LOCKED = /created by (.+)@(\S+) \(pid (\d+)\) at (\S+)/g;

/** Who holds the stack, from the message that every file-like backend prints. */
export const lockHolders = (message: string): LockHolder[] =>
  [...message.matchAll(LOCKED)].map(([, user = "", host = "", pid = "", since = ""]) => ({
    user,
    host,
    pid: Number(pid),
    since,
  }));

/** A lock may be lifted only if this host, a dead process and our own start of it all agree. */
const isOurDead = async (holder: LockHolder, ours: readonly number[]): Promise<boolean> =>
  holder.host === hostname() && ours.includes(holder.pid) && !(await isRunning(holder.pid));

const cancelCommand = (context: Context): string =>
  `pulumi cancel --cwd ${paths(context).program} --stack ${context.environment}`;

const liftDeadLock = async (context: Context, message: string): Promise<boolean> => {
  const holders = lockHolders(message);
  if (holders.length === 0) return false;
  const ours = await settleChildren(context);
  for (const holder of holders) {
    if (await isOurDead(holder, ours)) continue;
    const who = `${holder.user}@${holder.host} (process ${holder.pid}) since ${holder.since}`;
    const fix = `wait for it; if you know that it is dead: ${cancelCommand(context)}, then repeat`;
    throw new UserError(`Pulumi's stack ${context.environment} is locked by ${who}`, { fix });
  }
  context.progress.note("Pulumi's lock was left by a killed run of this command; lifting it");
  await read(context, ["cancel", "--yes"]);
  return true;
};

const write = async (context: Context, args: readonly string[]): Promise<RunResult> => {
  const call = () => writeWith(context, context.pulumi, [...args, ...common(context)], optionsFor(context, args));
  try {
    return await call();
  } catch (error) {
    if (!(await liftDeadLock(context, messageOf(error)))) throw error;
    return call();
  }
};

const EVERY_CODE = Array.from({ length: 256 }, (_, code) => code);
const NO_SUCH_STACK = 6;

/** The errors that the engine reported, without the progress around them; JSON previews carry them as diagnostics. */
const errorLines = (stdout: string): string[] => {
  try {
    const { diagnostics = [] } = JSON.parse(stdout) as { diagnostics?: { severity: string; message: string }[] };
    return diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message.trim());
  } catch {
    return [];
  }
};

const failure = (command: string, stdout: string, stderr: string): UserError => {
  const lines = [...errorLines(stdout), ...stderr.trim().split("\n").slice(-25)].filter((line) => line !== "");
  return new UserError(mask(`\`pulumi ${command}\` failed:\n${lines.join("\n")}`));
};

/**
 * `pulumi stack export`; undefined when the stack does not exist yet.
 * @param showSecrets for comparing in memory; such a text is never written anywhere
 */
export const exportStack = async (context: Context, showSecrets = false): Promise<string | undefined> => {
  const args = ["stack", "export", ...(showSecrets ? ["--show-secrets"] : [])];
  const { exitCode, stdout, stderr } = await read(context, args, EVERY_CODE);
  if (exitCode === 0) return stdout;
  if (exitCode === NO_SUCH_STACK || /no stack named/.test(stderr)) return undefined;
  throw failure("stack export", "", stderr);
};

/** Replaces the stack's state by a file in the format of `exportStack`, in one write. */
export const importStack = async (context: Context, path: string): Promise<void> => {
  await write(context, ["stack", "import", "--file", path]);
};

/** Reads each resource of an import file into the state, protected. Nothing in AWS changes. */
export const importResources = async (context: Context, path: string): Promise<RunResult> =>
  write(context, ["import", "--file", path, "--generate-code=false", "--protect=true", "--yes", "--skip-preview"]);

export interface PreviewOptions {
  /** A stack file to use in place of the environment's own. */
  readonly configFile?: string;
  /** Where to write an import file for everything that would be created. */
  readonly importFile?: string;
  /** Ask AWS what is, instead of trusting the state. */
  readonly refresh?: boolean;
  /** Let the engine itself say whether anything would change: a second witness beside the JSON. */
  readonly expectNoChanges?: boolean;
}

export interface Preview {
  /** `pulumi preview --json`, as text. */
  readonly json: string;
  /** The engine's own word, when it was asked for; true otherwise. */
  readonly clean: boolean;
}

const EXPECTATION = /no changes were expected|changes were proposed/;

/** The engine gives up a preview that would delete what is protected; to whoever expects no changes it is one. */
const PROTECTED = /resource "([^"]+)" cannot be deleted\s+because it is protected/;

const refuseDeletion = (text: string): void => {
  const urn = PROTECTED.exec(text)?.[1];
  if (urn === undefined) return;
  throw new DifferencesFound(`${urn}: pulumi preview would delete it: the program does not have it; it is protected`, {
    fix: "put it back into the program, or take it out of the stack on purpose: pulumi state unprotect",
  });
};

/** What the program would do. Changes nothing. */
export const preview = async (context: Context, options: PreviewOptions = {}): Promise<Preview> => {
  const args = [
    "preview",
    "--json",
    // What stays the same is listed too: a resource that is not shown was not looked at.
    "--show-sames",
    ...(options.configFile ? ["--config-file", options.configFile] : []),
    ...(options.importFile ? ["--import-file", options.importFile] : []),
    ...(options.refresh ? ["--refresh"] : []),
    ...(options.expectNoChanges ? ["--expect-no-changes"] : []),
  ];
  const { exitCode, stdout, stderr } = await read(context, args, EVERY_CODE);
  if (exitCode === 0) return { json: stdout, clean: true };
  if (options.expectNoChanges && EXPECTATION.test(`${stdout}${stderr}`)) return { json: stdout, clean: false };
  if (options.expectNoChanges) refuseDeletion([...errorLines(stdout), stderr].join("\n"));
  throw failure("preview", stdout, stderr);
};

/** `pulumi up` without a question. The caller has looked at the preview. */
export const up = async (context: Context, options: { expectNoChanges?: boolean } = {}): Promise<RunResult> =>
  write(context, ["up", "--yes", "--skip-preview", ...(options.expectNoChanges ? ["--expect-no-changes"] : [])]);
