import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UserError } from "../lib/errors";
import { sha256, writeFileAtomic } from "../lib/files";
import { run } from "../lib/processes";

const REQUIREMENTS = join(__dirname, "requirements.txt");
/** ministack and the libraries it stands on need 3.10. */
const OLDEST = [3, 10] as const;
const CANDIDATES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
const INSTALL = "Install Python 3.10 or newer with its venv module (Debian: python3-venv, macOS: brew install python).";

export interface Python {
  /** Name on PATH or full path. */
  readonly command: string;
  readonly version: string;
}

/** A Python of the user's shell must not be led to other libraries by the user's shell. */
const cleaned = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const {
    PYTHONPATH: _path,
    PYTHONHOME: _home,
    VIRTUAL_ENV: _venv,
    PIP_TARGET: _target,
    PIP_USER: _user,
    ...rest
  } = env;
  return rest;
};

const versionOf = async (command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> => {
  try {
    const print = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
    const { stdout } = await run(command, ["-c", print], { env, timeout: 20_000 });
    return /^\d+\.\d+\.\d+$/.test(stdout.trim()) ? stdout.trim() : undefined;
  } catch {
    // Not installed, or a shim without a Python behind it: the next candidate is asked.
    return undefined;
  }
};

export const isNewEnough = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
};

/** The first Python on PATH that is new enough. */
export const findPython = async (env: NodeJS.ProcessEnv): Promise<Python> => {
  const tooOld: string[] = [];
  for (const command of CANDIDATES) {
    const version = await versionOf(command, cleaned(env));
    if (version === undefined) continue;
    if (isNewEnough(version)) return { command, version };
    tooOld.push(`${command} is ${version}`);
  }
  const found = tooOld.length > 0 ? tooOld.join(", ") : "none was found on PATH";
  throw new UserError(`The emulated AWS needs Python ${OLDEST.join(".")} or newer; ${found}`, { fix: INSTALL });
};

const makeVenv = async (python: Python, folder: string, env: NodeJS.ProcessEnv): Promise<void> => {
  try {
    await run(python.command, ["-m", "venv", folder], { env, timeout: 120_000 });
  } catch (error) {
    const reason = messageOf(error);
    const fix = /ensurepip|No module named venv/.test(reason) ? INSTALL : undefined;
    throw new UserError(`A Python environment could not be made in ${folder}: ${reason}`, { fix, cause: error });
  }
};

const install = async (python: string, env: NodeJS.ProcessEnv, onLine?: (line: string) => void): Promise<void> => {
  // Wheels only: nothing is compiled, and no code of a package runs while it is installed.
  const strict = ["--require-hashes", "--only-binary", ":all:"];
  // An unreachable registry is reported within seconds and not after pip's five retries.
  const impatient = ["--retries", "1", "--timeout", "10", "--no-input", "--disable-pip-version-check"];
  try {
    const args = ["-m", "pip", "install", ...strict, ...impatient, "-r", REQUIREMENTS];
    await run(python, args, { env, timeout: 300_000, onLine });
  } catch (error) {
    throw new UserError(`The emulated AWS could not be installed with pip: ${messageOf(error)}`, {
      fix: "Check the network, or set PIP_INDEX_URL / PIP_CERT to a registry that can be reached, and run it again.",
      cause: error,
    });
  }
};

/**
 * Makes the project's own Python environment with the emulator in it, once; later calls find it by its stamp.
 * @param folder e.g. `.rehearsal/python`; whatever unfinished attempt lies there is removed.
 * @param env the user's environment: proxies and pip's settings count, libraries of other environments do not.
 * @returns full path of the environment's Python.
 */
export const ensurePython = async (
  folder: string,
  env: NodeJS.ProcessEnv,
  onLine?: (line: string) => void,
): Promise<string> => {
  const executable = join(folder, "bin", "python");
  const stampFile = join(folder, "installed");
  const wanted = sha256(await readFile(REQUIREMENTS));
  const stamp = await readFile(stampFile, "utf8").catch(() => "");
  if (stamp === wanted && existsSync(executable)) return executable;
  const python = await findPython(env);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await makeVenv(python, folder, cleaned(env));
  await install(executable, cleaned(env), onLine);
  // Written last: a set-up that was killed half-way starts again.
  await writeFileAtomic(stampFile, wanted);
  return executable;
};
