import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import { parse } from "yaml";
import { temporaryFolder } from "../../testing/folder";
import { policyPackArgs } from "./index";
import { wrapPolicyPack, writePolicyRunner } from "./policy-pack";
import type { Cli } from "./toolchain/installed";

const newPack = (): { root: string; pack: string } => {
  const root = temporaryFolder("policy");
  const pack = join(root, "it's a pack");
  mkdirSync(pack);
  writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\ndescription: what must hold\n");
  return { root, pack };
};

const prepared = (cli: Partial<Cli>) => ({
  cli: { pulumi: "/p", languageFolder: "/l", version: "3.259.0", runsPolicyPacks: false, ...cli },
  official: { aws: false, terraform: false },
});

test("the wrapper has a runtime of its own, and the pack stays as it is", async () => {
  const { root, pack } = newPack();
  const wrapper = await wrapPolicyPack(pack, join(root, "wrapper"));
  const said = parse(readFileSync(join(wrapper, "PulumiPolicy.yaml"), "utf8"));
  assert.deepEqual(said, { description: "what must hold", runtime: "rehearsal-nodejs" });
  assert.equal(parse(readFileSync(join(pack, "PulumiPolicy.yaml"), "utf8")).runtime, "nodejs");
});

test("the engine finds a program of that runtime, which runs Pulumi's own runner on the real pack", async () => {
  const { root, pack } = newPack();
  const wrapper = await wrapPolicyPack(pack, join(root, "wrapper"));
  await writePolicyRunner(join(root, "bin"));
  const path = join(root, "bin", "pulumi-analyzer-policy-rehearsal-nodejs");
  const line = readFileSync(path, "utf8").replace(/exec '[^']*' '([^']*)'/, "printf '%s\\n' '$1'");
  assert.match(line, /@pulumi\/pulumi\/cmd\/run-policy-pack/);
  // As the engine calls it: in the wrapper's folder, with its own address.
  const called = execFileSync("/bin/sh", ["-c", line, path, "127.0.0.1:1234", "."], { cwd: wrapper }).toString();
  assert.deepEqual(called.trim().split("\n").slice(1), ["127.0.0.1:1234", pack]);
});

test("a CLI that runs policy packs gets the pack itself", async () => {
  const { root, pack } = newPack();
  assert.deepEqual(await policyPackArgs(prepared({ runsPolicyPacks: true }), pack, root), ["--policy-pack", pack]);
  const args = await policyPackArgs(prepared({}), pack, root);
  assert.deepEqual(args, ["--policy-pack", join(root, "policy-pack")]);
});

test("a folder that is no policy pack is named", async () => {
  const { root } = newPack();
  await assert.rejects(wrapPolicyPack(root, join(root, "wrapper")), /PulumiPolicy\.yaml cannot be read/);
});

test.run();
