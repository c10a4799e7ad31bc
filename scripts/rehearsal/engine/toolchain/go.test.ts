import * as assert from "node:assert/strict";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import type { UserError } from "../../../lib/errors";
import { temporaryFolder } from "../../../testing/folder";
import { GO_OLDEST, isAtLeast } from "../versions";
import { buildProgram, findGo } from "./go";
import { BRIDGE_PROGRAM, buildKey, CLI_PROGRAM, LANGUAGE_PROGRAM, moduleFolder } from "./programs";

const goThat = (body: string): NodeJS.ProcessEnv => {
  const folder = temporaryFolder("go");
  writeFileSync(join(folder, "go"), `#!/bin/sh\n${body}\n`);
  chmodSync(join(folder, "go"), 0o755);
  return { PATH: folder };
};

test("without Go there is none, which is no error", async () => {
  assert.equal(await findGo({ PATH: temporaryFolder("none") }), undefined);
});

test("a Go that is too old is refused with what to install", async () => {
  await assert.rejects(findGo(goThat("echo go version go1.22.3 linux/amd64")), (error: UserError) => {
    assert.match(error.message, /go1\.22\.3.*too old.*1\.25/);
    assert.match(error.fix ?? "", /go\.dev\/dl/);
    return true;
  });
});

test("a Go that is new enough is used", async () => {
  const env = goThat("echo go version go1.26.0 linux/amd64");
  assert.equal(await findGo(env), join(env.PATH ?? "", "go"));
});

test("a build that fails says what was built, what Go said and what to do, and leaves nothing", async () => {
  const env = goThat("echo 'proxy.invalid: no such host' >&2; exit 1");
  const root = temporaryFolder("cache");
  const go = join(env.PATH ?? "", "go");
  await assert.rejects(
    buildProgram(go, CLI_PROGRAM, root, env, () => undefined),
    (error: UserError) => {
      assert.match(error.message, /Pulumi CLI 3\.\d+\.\d+ could not be built[\s\S]*no such host/);
      assert.match(error.fix ?? "", /module proxy/);
      return true;
    },
  );
});

test("modules and packages are told as they come", async () => {
  const env = goThat("echo 'go: downloading example.com/a v1.2.3' >&2; echo example.com/a/b >&2");
  const said: string[] = [];
  const root = temporaryFolder("cache");
  await buildProgram(join(env.PATH ?? "", "go"), CLI_PROGRAM, root, env, (detail) => said.push(detail));
  assert.deepEqual(said, ["downloading example.com/a v1.2.3", "package 1: example.com/a/b"]);
});

const PROGRAMS = [CLI_PROGRAM, LANGUAGE_PROGRAM, BRIDGE_PROGRAM];

test("each module file pins the version that is said, and asks for no newer Go than is checked", () => {
  for (const program of PROGRAMS) {
    const text = readFileSync(join(moduleFolder(program), "go.mod"), "utf8");
    const [module = ""] = /^(.*\/v3)/.exec(program.package) ?? [];
    assert.ok(
      text.includes(`${module} v${program.version}`),
      `${program.name}/go.mod has ${module} v${program.version}`,
    );
    assert.ok(isAtLeast(GO_OLDEST, /^go (.*)$/m.exec(text)?.[1] ?? "999.0.0"));
  }
});

test("programs have keys of their own that name version and platform", async () => {
  const keys = await Promise.all(PROGRAMS.map(buildKey));
  assert.equal(new Set(keys).size, keys.length);
  assert.match(
    keys[0] ?? "",
    new RegExp(`^pulumi-${CLI_PROGRAM.version}-${process.platform}-${process.arch}-[0-9a-f]{12}$`),
  );
});

test.run();
