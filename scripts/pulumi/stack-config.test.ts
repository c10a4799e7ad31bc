import { strict as assert } from "node:assert";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { readStackConfig, withOwns } from "./stack-config";

const test = suite("owns in the stack's configuration");
const PROJECT = "text-to-speech";

const TEXT = `encryptionsalt: v1:abc=:v1:def
# the account
config:
    aws:region: us-east-1   # near the people
    aws:allowedAccountIds:
      - "111111111111"
    # what this stack owns
    text-to-speech:owns: [ ]  # grows
    text-to-speech:name: 'ttsslsguru'
`;

test("changes that one list and not a byte beside it: comments, quotes, indentation and salt stay", () => {
  const edited = withOwns("f", TEXT, PROJECT, ["delivery", "speech"]);
  assert.equal(edited, TEXT.replace("[ ]", "[delivery, speech]"));
  assert.equal(withOwns("f", edited, PROJECT, []), TEXT.replace("[ ]", "[]"));
});

test("adds the list where there is none, and keeps the comments", () => {
  const without = TEXT.replace(/.*:owns.*\n/, "");
  const edited = withOwns("f", without, PROJECT, ["delivery"]);
  assert.match(edited, /text-to-speech:owns: \[delivery\]/);
  assert.match(edited, /# near the people/);
});

test("a list over several lines, or a file that is no YAML, is refused with what to write", () => {
  const block = TEXT.replace(" [ ]  # grows", "\n      - delivery");
  assert.throws(() => withOwns("f.yaml", block, PROJECT, []), /f.yaml: text-to-speech:owns must be a list on one line/);
  assert.throws(() => withOwns("f.yaml", "config: [", PROJECT, []), /f.yaml is not valid YAML/);
});

test("reads account, region and owned modules, and names the field that is wrong", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stack-"));
  const path = join(folder, "Pulumi.dev.yaml");
  try {
    await writeFile(path, TEXT);
    assert.deepEqual(await readStackConfig(path, PROJECT), { account: "111111111111", region: "us-east-1", owns: [] });
    await writeFile(path, TEXT.replace("aws:region", "aws:place"));
    await assert.rejects(readStackConfig(path, PROJECT), /Pulumi.dev.yaml: config.aws:region/);
    await writeFile(path, TEXT.replace("[ ]", "delivery"));
    await assert.rejects(readStackConfig(path, PROJECT), /config.owns/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.run();
