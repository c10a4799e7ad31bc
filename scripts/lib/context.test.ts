import { strict as assert } from "node:assert";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { checkVersion, createContext, preflight, refuseUnsafeSwitches } from "./context";
import { createProgress } from "./progress";

const test = suite("before anything is read");
const ROOT = join(__dirname, "..", "..");
const progress = createProgress({ quiet: true });

/** STS that knows one account. */
const startSts = async (account: string) => {
  const server = createServer((_, response) => {
    response
      .writeHead(200, { "content-type": "text/xml" })
      .end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
          `<Arn>arn:aws:iam::${account}:root</Arn><UserId>x</UserId><Account>${account}</Account>` +
          "</GetCallerIdentityResult></GetCallerIdentityResponse>",
      );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
};

const shim = async (folder: string, name: string, prints: string): Promise<void> => {
  await writeFile(join(folder, name), `#!/bin/sh\necho '${prints}'\n`);
  await chmod(join(folder, name), 0o755);
};

interface Place {
  readonly workspace: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Both sides' real files, tools that only tell their version, and an account. */
const withPlace = async (work: (place: Place) => Promise<void>, account = "111111111111"): Promise<void> => {
  const workspace = await mkdtemp(join(tmpdir(), "context-"));
  const sts = await startSts(account);
  try {
    for (const folder of ["legacy-terraform", "pulumi"]) {
      await cp(join(ROOT, folder), join(workspace, folder), { recursive: true });
    }
    await mkdir(join(workspace, "handler", "dist"), { recursive: true });
    await writeFile(join(workspace, "handler", "dist", "handler.zip"), "zip");
    await mkdir(join(workspace, "bin"));
    await shim(join(workspace, "bin"), "terraform", "Terraform v1.11.4");
    await shim(join(workspace, "bin"), "pulumi", "v3.259.0");
    const env = {
      PATH: join(workspace, "bin"),
      AWS_ENDPOINT_URL: sts.endpoint,
      AWS_ACCESS_KEY_ID: "none",
      AWS_SECRET_ACCESS_KEY: "none",
    };
    await work({ workspace, env });
  } finally {
    sts.stop();
    await rm(workspace, { recursive: true });
  }
};

const check = ({ workspace, env }: Place, environment = "dev") =>
  preflight(createContext({ workspace, environment, env, progress }));

const refusal = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return "";
  } catch (error) {
    const { message, fix } = error as Error & { fix?: string };
    return `${message} | ${fix}`;
  }
};

test("the right account, region and tools are let through, and both sides' files are read", () =>
  withPlace(async (place) => {
    const { settings, versions } = await check(place);
    assert.deepEqual(versions, { terraform: "1.11.4", pulumi: "3.259.0" });
    assert.deepEqual(
      [settings.account, settings.region, settings.project],
      ["111111111111", "us-east-1", "text-to-speech"],
    );
    assert.deepEqual([settings.released, settings.owns], [[], []]);
    assert.equal(settings.stateObject?.key, "text-to-speech/dev.tfstate");
  }));

test("an unknown environment is answered with the known ones", () =>
  withPlace(async (place) => {
    assert.match(await refusal(() => check(place, "test")), /unknown environment "test" \| .*dev, prod/);
    assert.match(await refusal(() => check({ ...place, workspace: "/nowhere" })), /holds no <environment>.tfvars/);
  }));

test("another account is refused, and both are named", () =>
  withPlace(async (place) => {
    assert.match(await refusal(() => check(place)), /account 999999999999, and dev is account 111111111111/);
  }, "999999999999"));

test("another region is refused", () =>
  withPlace(async ({ workspace, env }) => {
    const place = { workspace, env: { ...env, AWS_REGION: "eu-west-1" } };
    assert.match(await refusal(() => check(place)), /AWS_REGION says eu-west-1, and this environment is in us-east-1/);
  }));

test("files of both sides that contradict each other are refused", () =>
  withPlace(async (place) => {
    const path = join(place.workspace, "pulumi", "Pulumi.dev.yaml");
    await writeFile(path, (await readFile(path, "utf8")).replace("111111111111", "222222222222"));
    assert.match(
      await refusal(() => check(place)),
      /disagree on the account: .*dev.tfvars says 111111111111.*says 222222222222/,
    );
  }));

test("a tool that is missing, too old, or says something else is refused with what to install", () =>
  withPlace(async (place) => {
    const bin = join(place.workspace, "bin");
    await shim(bin, "pulumi", "v3.100.0");
    assert.match(await refusal(() => check(place)), /pulumi v3.100.0 is too old; 3.230 or newer/);
    await shim(bin, "pulumi", "Segmentation fault");
    assert.match(await refusal(() => check(place)), /pulumi did not tell its version; it printed "Segmentation fault"/);
    await rm(join(bin, "terraform"));
    assert.match(await refusal(() => check(place)), /terraform is not on PATH.*1.10 or newer .*install/);
    assert.equal(checkVersion("terraform", "v1.10.0"), "1.10.0");
    assert.throws(() => checkVersion("terraform", "v1.9.9"), /too old/);
    assert.equal(checkVersion("pulumi", "v4.0.0"), "4.0.0");
  }));

test("switches that let the engine skip checkpoints or checks are refused, unless they are off", () => {
  assert.throws(() => refuseUnsafeSwitches({ PULUMI_SKIP_CHECKPOINTS: "true" }), /PULUMI_SKIP_CHECKPOINTS is set/);
  assert.throws(() => refuseUnsafeSwitches({ PULUMI_DISABLE_INTEGRITY_CHECKING: "1" }), /INTEGRITY/);
  refuseUnsafeSwitches({ PULUMI_SKIP_CHECKPOINTS: "false", PULUMI_DISABLE_INTEGRITY_CHECKING: "" });
});

test("a handler that was not built is refused", () =>
  withPlace(async (place) => {
    await rm(join(place.workspace, "handler", "dist", "handler.zip"));
    assert.match(await refusal(() => check(place)), /handler.zip is missing/);
  }));

test.run();
