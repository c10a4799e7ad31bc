import { join } from "node:path";
import { findProgram } from "../../../lib/context";
import { messageOf, UserError } from "../../../lib/errors";
import { run } from "../../../lib/processes";
import { GO_OLDEST, isAtLeast } from "../versions";
import { cached } from "./cache";
import { buildKey, type GoProgram, moduleFolder } from "./programs";

const INSTALL_GO = `install Go ${GO_OLDEST} or newer (https://go.dev/dl), or the Pulumi CLI (https://www.pulumi.com/docs/install)`;

/**
 * The path of a Go that can build everything here; undefined when there is none at all.
 * @throws UserError when there is one that is too old.
 */
export const findGo = async (env: NodeJS.ProcessEnv): Promise<string | undefined> => {
  const go = findProgram("go", env);
  if (!go) return undefined;
  // The version of the installed Go itself, not of one that it would fetch.
  const { stdout } = await run(go, ["version"], { env: { ...env, GOTOOLCHAIN: "local" }, timeout: 30_000 });
  if (isAtLeast(stdout, GO_OLDEST)) return go;
  throw new UserError(`${stdout.trim()} is too old to build the Pulumi engine; ${GO_OLDEST} or newer is needed`, {
    fix: INSTALL_GO,
  });
};

/** A build that depends on what is pinned here and on no setting or C compiler of the machine. */
const goEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...env,
  GOTOOLCHAIN: "local",
  GOWORK: "off",
  CGO_ENABLED: "0",
  GOFLAGS: "",
});

/** Reports what the Go compiler does: one module or package a line. */
const narrate = (update: (detail: string) => void) => {
  let packages = 0;
  return (line: string): void => {
    const downloading = /^go: downloading (\S+) (\S+)/.exec(line);
    if (downloading) update(`downloading ${downloading[1]} ${downloading[2]}`);
    else if (/^[\w.-]+(\/[\w.~-]+)*$/.test(line)) {
      packages += 1;
      update(`package ${packages}: ${line}`);
    }
  };
};

const compile = async (
  go: string,
  program: GoProgram,
  folder: string,
  env: NodeJS.ProcessEnv,
  update: (detail: string) => void,
): Promise<void> => {
  const flags = `-s -w -X ${program.versionVariable}=v${program.version}`;
  const output = join(folder, program.binary);
  const args = ["build", "-v", "-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", flags, "-o", output];
  try {
    await run(go, [...args, program.package], {
      cwd: moduleFolder(program),
      env: goEnv(env),
      onLine: narrate(update),
      timeout: 30 * 60_000,
    });
  } catch (error) {
    throw new UserError(`${program.title} ${program.version} could not be built: ${messageOf(error)}`, {
      fix: "check that Go's module proxy can be reached (go env GOPROXY) and run the same command again",
      cause: error,
    });
  }
};

/** @returns the path of the built program, from the cache when it was built before. */
export const buildProgram = async (
  go: string,
  program: GoProgram,
  root: string,
  env: NodeJS.ProcessEnv,
  update: (detail: string) => void,
): Promise<string> => {
  const onWait = (): void => update("waiting for another build of the same");
  const folder = await cached(root, await buildKey(program), onWait, (unfinished) =>
    compile(go, program, unfinished, env, update),
  );
  return join(folder, program.binary);
};
