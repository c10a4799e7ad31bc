import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { createProgram } from "./cli";

const test = suite("command line");

interface Answer {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const TOOLS = { terraform: "Terraform v1.11.4", pulumi: "v3.259.0" };

/** A user with both tools (which here only tell their version), and no AWS settings at all. */
const cli = (...args: string[]): Answer => {
  const home = mkdtempSync(join(tmpdir(), "cli-"));
  try {
    for (const [name, version] of Object.entries(TOOLS)) {
      writeFileSync(join(home, name), `#!/bin/sh\necho '${version}'\n`, { mode: 0o755 });
    }
    const env = { PATH: `${home}:${process.env.PATH}`, HOME: home, AWS_EC2_METADATA_DISABLED: "true", NO_COLOR: "1" };
    const command = ["--import", "tsx", join(__dirname, "cli.ts"), ...args];
    return spawnSync(process.execPath, command, { env, encoding: "utf8", input: "" });
  } finally {
    rmSync(home, { recursive: true });
  }
};

test("every command has help with examples, and none writes without --execute", () => {
  const commands = createProgram().commands;
  for (const name of ["status", "plan", "verify", "adopt", "cutover", "rollback", "recover"]) {
    const command = commands.find((each) => each.name() === name);
    let help = "";
    command?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    assert.match(help, new RegExp(`Examples:\\n {2}npm run migrate -- ${name} `));
    assert.match(help, /--environment <name>/);
    if (["adopt", "cutover", "rollback"].includes(name)) assert.match(help, /--execute/);
  }
});

test("an unknown environment: exit 1, one message, what to do, no stack trace", () => {
  const { status, stdout, stderr } = cli("status", "--environment", "staging");
  assert.equal(status, 1);
  assert.equal(stdout, "");
  assert.equal(stderr, 'error: unknown environment "staging"\nnext:  use --environment with one of: dev, prod\n');
});

test("an unknown wave, as JSON", () => {
  const { status, stdout, stderr } = cli("plan", "--environment", "dev", "--wave", "lambda", "--json");
  assert.equal(status, 1);
  assert.equal(stderr, "");
  const answer = JSON.parse(stdout);
  assert.equal(answer.ok, false);
  assert.match(answer.next, /delivery, speech, storage, all/);
});

test("a writing command without a plan document says which command makes it", () => {
  const { status, stderr } = cli("adopt", "--environment", "prod", "--wave", "storage", "--execute");
  assert.equal(status, 1);
  assert.match(
    stderr,
    /no plan document for wave storage of prod\nnext: {2}npm run migrate -- plan --environment prod --wave storage\n$/,
  );
});

test("no credentials: exit 1, and how to log in", () => {
  const { status, stderr } = cli("rollback", "--environment", "dev", "--wave", "delivery");
  assert.equal(status, 1);
  assert.match(stderr, /there are no AWS credentials\nnext: {2}log in/);
  assert.doesNotMatch(stderr, /\n {4}at /);
});

test("an unknown command or option: exit 1, and where the help is", () => {
  assert.equal(cli("migrate-all").status, 1);
  const { status, stderr } = cli("status", "--environment", "dev", "--force");
  assert.equal(status, 1);
  assert.match(stderr, /unknown option '--force'/);
  assert.match(stderr, /--help/);
});

test.run();
