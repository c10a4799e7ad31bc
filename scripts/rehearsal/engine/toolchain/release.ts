import { createWriteStream } from "node:fs";
import { readdir, readFile, rename, rm } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { messageOf, UserError } from "../../../lib/errors";
import { sha256 } from "../../../lib/files";
import { run } from "../../../lib/processes";
import { PULUMI_CLI } from "../versions";
import { cached } from "./cache";

/** Where Pulumi publishes its releases with a list of their checksums. */
export const RELEASES = "https://github.com/pulumi/pulumi/releases/download";

const ANSWER_MS = 8_000;
const DOWNLOAD_MS = 10 * 60_000;

const FIX =
  "install the Pulumi CLI (https://www.pulumi.com/docs/install) or Go (https://go.dev/dl), or connect to the network";

/** `linux-x64`, `darwin-arm64` …: how the releases are named. */
export const releasePlatform = (os = platform(), cpu = arch()): string => {
  if (!["linux", "darwin"].includes(os) || !["x64", "arm64"].includes(cpu)) {
    throw new UserError(`there is no Pulumi release for ${os} ${cpu}`, { fix: "use Linux or macOS on x64 or arm64" });
  }
  return `${os}-${cpu}`;
};

/** Fails when no answer begins within seconds; the body may take its time. */
const request = async (url: string): Promise<Response> => {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error(`no answer within ${ANSWER_MS / 1000} s`)), ANSWER_MS);
  const whole = AbortSignal.timeout(DOWNLOAD_MS);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([abort.signal, whole]) });
    if (!response.ok) throw new Error(`the server says ${response.status}`);
    return response;
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? ` (${messageOf(error.cause)})` : "";
    throw new UserError(`the Pulumi release cannot be downloaded from ${url}: ${messageOf(error)}${cause}`, {
      fix: FIX,
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
};

/** The published SHA-256 of a file in a list of `<hash>  <name>` lines. */
export const checksumIn = (list: string, name: string): string => {
  const line = list.split("\n").find((text) => text.trim().split(/\s+/)[1]?.replace(/^\*/, "") === name);
  const hash = line?.trim().split(/\s+/)[0];
  if (hash && /^[0-9a-f]{64}$/.test(hash)) return hash;
  throw new UserError(`the list of checksums does not name ${name}, so it is not used`, { fix: FIX });
};

const unpack = async (archive: string, folder: string, env: NodeJS.ProcessEnv): Promise<void> => {
  await run("tar", ["-xzf", archive, "-C", folder], { env, timeout: 120_000 });
  // The programs lie in a folder of their own; they are wanted directly in the cache's.
  const inner = join(folder, "pulumi");
  for (const name of await readdir(inner)) {
    if (name !== "pulumi") await rename(join(inner, name), join(folder, name));
  }
  await rename(join(inner, "pulumi"), join(folder, "pulumi.program"));
  await rm(inner, { recursive: true });
  await rename(join(folder, "pulumi.program"), join(folder, "pulumi"));
  await rm(archive);
};

/**
 * Downloads the official release, checks it against its published checksum, and keeps it in the cache.
 * @returns the folder with `pulumi` and its language hosts.
 * @throws UserError within seconds when the server cannot be reached.
 */
export const downloadRelease = async (
  root: string,
  env: NodeJS.ProcessEnv,
  update: (detail: string) => void,
  base = RELEASES,
): Promise<string> => {
  const name = `pulumi-v${PULUMI_CLI}-${releasePlatform()}.tar.gz`;
  const key = `release-${name.replace(/\.tar\.gz$/, "")}`;
  return cached(
    root,
    key,
    () => update("waiting for another download"),
    async (folder) => {
      update("checksums");
      const list = await (await request(`${base}/v${PULUMI_CLI}/pulumi-${PULUMI_CLI}-checksums.txt`)).text();
      const expected = checksumIn(list, name);
      update(name);
      const response = await request(`${base}/v${PULUMI_CLI}/${name}`);
      const archive = join(folder, name);
      if (!response.body) throw new UserError(`${name} arrived empty`, { fix: FIX });
      await pipeline(Readable.fromWeb(response.body as never), createWriteStream(archive));
      const found = sha256(await readFile(archive));
      if (found !== expected) {
        throw new UserError(`${name} has the checksum ${found}, published is ${expected}; it is not used`, {
          fix: FIX,
        });
      }
      await unpack(archive, folder, env);
    },
  );
};
