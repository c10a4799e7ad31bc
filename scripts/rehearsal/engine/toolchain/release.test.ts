import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "uvu";
import type { UserError } from "../../../lib/errors";
import { sha256 } from "../../../lib/files";
import { temporaryFolder } from "../../../testing/folder";
import { PULUMI_CLI } from "../versions";
import { installOfficial } from "./official-plugins";
import { checksumIn, downloadRelease, releasePlatform } from "./release";

const NAME = `pulumi-v${PULUMI_CLI}-${releasePlatform()}.tar.gz`;
const env = { PATH: process.env.PATH };
const quiet = (): void => undefined;
const newRoot = (): string => temporaryFolder("cache");

/** An archive laid out as Pulumi's are: all programs in a folder `pulumi`, one of which has that name too. */
const archive = (): Buffer => {
  const folder = temporaryFolder("release");
  mkdirSync(join(folder, "pulumi"));
  writeFileSync(join(folder, "pulumi", "pulumi"), "cli");
  writeFileSync(join(folder, "pulumi", "pulumi-language-nodejs"), "host");
  execFileSync("tar", ["-czf", join(folder, "a.tar.gz"), "-C", folder, "pulumi"]);
  return readFileSync(join(folder, "a.tar.gz"));
};

const serve = async (files: Record<string, Buffer | string>, use: (base: string) => Promise<void>): Promise<void> => {
  const server = createServer((request, response) => {
    const body = files[request.url?.split("/").at(-1) ?? ""];
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
};

const checksums = `pulumi-${PULUMI_CLI}-checksums.txt`;

test("a release with the published checksum is unpacked, and kept", async () => {
  const content = archive();
  const root = newRoot();
  await serve({ [NAME]: content, [checksums]: `${sha256(content)}  ${NAME}\n` }, async (base) => {
    const folder = await downloadRelease(root, env, quiet, base);
    assert.deepEqual(readdirSync(folder).sort(), ["pulumi", "pulumi-language-nodejs"]);
    assert.equal(readFileSync(join(folder, "pulumi"), "utf8"), "cli");
  });
  assert.ok(existsSync(await downloadRelease(root, env, quiet, "http://127.0.0.1:9")), "no server is asked again");
});

test("a release with another checksum is not used", async () => {
  const root = newRoot();
  await serve({ [NAME]: archive(), [checksums]: `${"0".repeat(64)}  ${NAME}\n` }, async (base) => {
    await assert.rejects(downloadRelease(root, env, quiet, base), /published is 0{64}; it is not used/);
  });
  assert.deepEqual(readdirSync(root), []);
});

test("a release that is not there is said with its address", async () => {
  await serve({}, async (base) => {
    await assert.rejects(downloadRelease(newRoot(), env, quiet, base), /checksums\.txt: the server says 404/);
  });
});

test("an unreachable server is said within seconds, with what to do", async () => {
  const began = Date.now();
  await assert.rejects(downloadRelease(newRoot(), env, quiet, "http://127.0.0.1:9"), (error: UserError) => {
    assert.match(error.message, /cannot be downloaded from http:\/\/127\.0\.0\.1:9/);
    assert.match(error.fix ?? "", /install the Pulumi CLI.*or Go/);
    return true;
  });
  assert.ok(Date.now() - began < 5_000);
});

test("official plugins that cannot be fetched are said within seconds, before Pulumi tries for minutes", async () => {
  const began = Date.now();
  const install = installOfficial("/nonexistent/pulumi", newRoot(), env, quiet, "http://127.0.0.1:9");
  await assert.rejects(install, /official AWS plugin cannot be downloaded: http:\/\/127\.0\.0\.1:9 does not answer/);
  assert.ok(Date.now() - began < 6_000);
});

test("a list of checksums must name the file, and with a SHA-256", () => {
  const hash = "a".repeat(64);
  assert.equal(checksumIn(`${hash}  other\n${hash} *${NAME}\n`, NAME), hash);
  assert.throws(() => checksumIn(`${hash}  x${NAME}\n`, NAME), /does not name/);
  assert.throws(() => checksumIn(`abc  ${NAME}\n`, NAME), /does not name/);
});

test("platforms are named as the releases are; others are refused", () => {
  assert.equal(releasePlatform("darwin", "arm64"), "darwin-arm64");
  assert.throws(() => releasePlatform("freebsd", "x64"), /no Pulumi release for freebsd x64/);
});

test.run();
