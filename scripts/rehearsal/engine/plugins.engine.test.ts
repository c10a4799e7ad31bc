import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "uvu";
import { isRunning } from "../../lib/identity";
import { killGroup, run } from "../../lib/processes";
import { createProgress } from "../../lib/progress";
import { temporaryFolder } from "../../testing/folder";
import { findAwsProvider, type Programs, startPlugins } from "./index";
import { startPluginsServer } from "./plugins-client";
import { cacheRoot } from "./toolchain/cache";
import { buildBridge } from "./toolchain/toolchain";

const prepare = async (): Promise<Programs> => ({
  cli: { pulumi: "/nonexistent/pulumi", languageFolder: "/nonexistent", version: "0.0.0", runsPolicyPacks: false },
  official: { aws: false, terraform: false },
  bridge: await buildBridge({
    progress: createProgress({ quiet: true }),
    env: process.env,
    cacheRoot: cacheRoot(process.env),
  }),
});

const options = async () => ({
  env: process.env,
  workDir: temporaryFolder("plugins"),
  awsProviderBinary: findAwsProvider([], process.env),
  programFolders: [],
});

const untilGone = async (pids: readonly number[]): Promise<boolean> => {
  const deadline = Date.now() + 10_000;
  while ((await Promise.all(pids.map(isRunning))).includes(true)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
};

/** All processes in the groups of these leaders. */
const membersOf = async (leaders: readonly number[]): Promise<number[]> => {
  const { stdout } = await run("ps", ["-eo", "pid=,pgid="], { env: process.env });
  const rows = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  return rows.filter(([, group]) => leaders.includes(group ?? -1)).map(([pid]) => pid ?? 0);
};

test("stop leaves no process, the Terraform provider included", async () => {
  const plugins = await startPlugins(await prepare(), await options());
  const members = await membersOf(plugins.pids);
  const names = await run("ps", ["-o", "args=", "-p", members.join(",")], { env: process.env });
  assert.match(names.stdout, /terraform-provider-aws/);
  await plugins.stop();
  assert.ok(await untilGone(members), `still running: ${members}`);
});

test("two can run at once, each on ports of its own", async () => {
  const prepared = await prepare();
  const [one, other] = await Promise.all([
    startPluginsServer(prepared, await options()),
    startPluginsServer(prepared, await options()),
  ]);
  assert.equal(new Set([...Object.values(one.ports), ...Object.values(other.ports)]).size, 4);
  await one.stop();
  for (const pid of other.pids) assert.equal(await isRunning(pid), true);
  await other.stop();
});

/** A process that starts the plugins, says their numbers, and is then killed by the test. */
const startInParent = async (keep: boolean): Promise<{ pids: number[]; kill: () => void }> => {
  const prepared = await prepare();
  const settings = { ...(await options()), env: undefined, keep };
  const code = `
    const { startPluginsServer } = require(${JSON.stringify(join(__dirname, "plugins-client.ts"))});
    startPluginsServer(${JSON.stringify(prepared)}, { ...${JSON.stringify(settings)}, env: process.env }).then(({ pids }) => {
      process.stdout.write(JSON.stringify(pids) + "\\n");
      setInterval(() => {}, 1000);
    });`;
  const parent = spawn(process.execPath, ["--import", "tsx", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  const line = await new Promise<string>((resolve) =>
    parent.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())),
  );
  return { pids: JSON.parse(line), kill: () => parent.kill("SIGKILL") };
};

test("when whoever started them is killed with SIGKILL, the plugins end", async () => {
  const { pids, kill } = await startInParent(false);
  const members = await membersOf(pids);
  assert.ok(members.length >= 4);
  kill();
  assert.ok(await untilGone(members), `still running: ${members}`);
});

test("told to keep them, they stay when it is killed, and end with their server", async () => {
  const { pids, kill } = await startInParent(true);
  const members = await membersOf(pids);
  kill();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  for (const pid of members) assert.equal(await isRunning(pid), true, `process ${pid} has ended`);
  killGroup(pids[0] ?? 0, "SIGKILL");
  assert.ok(await untilGone(members), `still running: ${members}`);
});

test("a provider that cannot be driven is named, and nothing is left running", async () => {
  const settings = { ...(await options()), awsProviderBinary: "/bin/false" };
  await assert.rejects(startPlugins(await prepare(), settings), /cannot drive \/bin\/false/);
});

test.run();
