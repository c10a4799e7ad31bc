import { strict as assert } from "node:assert";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import { startEmulator } from "./emulator";
import { choosePort } from "./ports";

test("a port that nobody asked for is free, two are different", async () => {
  const [a, b] = [await choosePort(), await choosePort()];
  assert.ok(a > 1_023 && b > 1_023);
  assert.equal(await choosePort(a), a);
});

test("a port that is taken, or is none, is named", async () => {
  const server = createServer();
  const port = await choosePort();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await assert.rejects(choosePort(port), new RegExp(`Port ${port} of 127.0.0.1 is taken by another program`));
  server.close();
  for (const none of [0, -1, 65_536, 80.5, Number.NaN]) await assert.rejects(choosePort(none), /is not a port/);
});

/** A Python that does as the script says; its environment lands in a file. */
const startWith = async (script: string) => {
  const dir = await mkdtemp(join(tmpdir(), "emulator-test-"));
  const python = join(dir, "python");
  await writeFile(python, `#!/bin/sh\nenv > ${dir}/env\n${script}\n`);
  await chmod(python, 0o755);
  const env = { PATH: "/usr/bin:/bin", SECRET: "must-not-be-seen" };
  const started = startEmulator({ python, dir, env, accountId: "111111111111", region: "us-east-1" });
  return { dir, started };
};

test("an emulator that ends while it starts is reported with its last words, and leaves no temporary files", async () => {
  const { dir, started } = await startWith("echo 'ModuleNotFoundError: no ministack here' >&2; exit 1");
  await assert.rejects(started, /ended while it started:[\s\S]*no ministack here/);
  assert.deepEqual((await readdir(dir)).sort(), ["emulator.log", "env", "python"]);
  const env = await readFile(join(dir, "env"), "utf8");
  assert.ok(!env.includes("must-not-be-seen"));
  for (const line of ["BIND_HOST=127.0.0.1", "AUTH=true", "MINISTACK_ACCOUNT_ID=111111111111", "PERSIST_STATE=0"]) {
    assert.ok(env.split("\n").includes(line), line);
  }
  await rm(dir, { recursive: true });
});

test.run();
