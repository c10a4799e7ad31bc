import { strict as assert } from "node:assert";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { test } from "uvu";
import { UserError } from "../lib/errors";
import { run } from "../lib/processes";
import { assertLoopback, clientSettings, isolatedEnvironment, prepareHome } from "./isolation";

const HOME = "/rehearsal/home";
const ISOLATION = { endpoint: "http://127.0.0.1:4566", region: "us-east-1", home: HOME };
const SECRET = "must-not-be-seen";

/** Everything by which an AWS SDK, Terraform or Pulumi could find a real account, and what could bend their traffic. */
const HOSTILE = [
  ..."ACCESS_KEY_ID SECRET_ACCESS_KEY SESSION_TOKEN SECURITY_TOKEN PROFILE DEFAULT_PROFILE REGION DEFAULT_REGION".split(
    " ",
  ),
  ..."CONFIG_FILE SHARED_CREDENTIALS_FILE SDK_LOAD_CONFIG ROLE_ARN ROLE_SESSION_NAME WEB_IDENTITY_TOKEN_FILE".split(
    " ",
  ),
  ..."CONTAINER_CREDENTIALS_RELATIVE_URI CONTAINER_CREDENTIALS_FULL_URI CONTAINER_AUTHORIZATION_TOKEN".split(" "),
  ..."EC2_METADATA_DISABLED EC2_METADATA_SERVICE_ENDPOINT CA_BUNDLE STS_REGIONAL_ENDPOINTS USE_FIPS_ENDPOINT".split(
    " ",
  ),
  ..."ENDPOINT_URL ENDPOINT_URL_S3 ENDPOINT_URL_IAM ENDPOINT_URL_DYNAMODB IGNORE_CONFIGURED_ENDPOINT_URLS".split(" "),
  ..."S3_ENDPOINT DYNAMODB_ENDPOINT USE_DUALSTACK_ENDPOINT ACCOUNT_ID LAMBDA_FUNCTION_NAME".split(" "),
]
  .map((name) => `AWS_${name}`)
  .concat(
    "TF_VAR_account_id TF_CLI_ARGS TF_CLI_ARGS_apply TF_CLI_CONFIG_FILE TF_WORKSPACE TF_DATA_DIR TF_TOKEN_app_terraform_io".split(
      " ",
    ),
    "TF_PLUGIN_CACHE_DIR TF_APPEND_USER_AGENT TF_LOG TF_REATTACH_PROVIDERS TF_ENCRYPTION TERRAFORM_CONFIG".split(" "),
    "PULUMI_ACCESS_TOKEN PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE PULUMI_STACK PULUMI_HOME PULUMI_DEBUG_PROVIDERS".split(
      " ",
    ),
    "HTTP_PROXY HTTPS_PROXY ALL_PROXY http_proxy https_proxy all_proxy SSL_CERT_FILE NODE_EXTRA_CA_CERTS".split(" "),
    "NODE_OPTIONS PYTHONPATH LD_PRELOAD XDG_CONFIG_HOME GITHUB_TOKEN VAULT_TOKEN SOMETHING_NOBODY_THOUGHT_OF".split(
      " ",
    ),
  );
const hostile = (): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(HOSTILE.map((name) => [name, SECRET])),
  PATH: process.env.PATH,
  LANG: "C.UTF-8",
  LC_ALL: "C.UTF-8",
});

test("of everything that names a real account or bends traffic, nothing gets through", () => {
  const env = isolatedEnvironment(hostile(), ISOLATION);
  assert.ok(!JSON.stringify(env).includes(SECRET));
  const kept = HOSTILE.filter((name) => name in env).sort();
  assert.deepEqual(kept, [
    "AWS_ACCESS_KEY_ID",
    "AWS_CONFIG_FILE",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_ENDPOINT_URL",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SHARED_CREDENTIALS_FILE",
  ]);
  assert.equal(env.PATH, process.env.PATH);
  assert.equal(env.LC_ALL, "C.UTF-8");
});

test("a child sees this environment and no other", async () => {
  const env = isolatedEnvironment(hostile(), ISOLATION);
  const { stdout } = await run("env", [], { env });
  assert.ok(!stdout.includes(SECRET));
  assert.match(stdout, /^AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:4566$/m);
  assert.match(stdout, /^AWS_EC2_METADATA_DISABLED=true$/m);
});

test("only a loopback address, written as an IP and with a port, is an endpoint", () => {
  for (const good of ["http://127.0.0.1:4566", "http://127.0.0.1:4566/", "http://127.8.8.8:1", "http://[::1]:80"]) {
    assert.equal(assertLoopback(good), good.replace(/\/$/, ""));
  }
  const bad = [
    undefined,
    "",
    "127.0.0.1:4566",
    "http://localhost:4566",
    "https://127.0.0.1:4566",
    "https://dynamodb.us-east-1.amazonaws.com",
    "http://10.0.0.1:4566",
    "http://0.0.0.0:4566",
    "http://169.254.169.254:80",
    "http://127.0.0.1.nip.io:4566",
    "http://127.0.0.1@203.0.113.7:4566",
    "http://127.0.0.1:4566@203.0.113.7/",
    "http://user:secret@127.0.0.1:4566",
    "http://127.0.0.1:4566/path",
    "http://127.1:4566",
    "http://2130706433:4566",
    "http://0x7f000001:4566",
    "http://127.0.0.300:4566",
    "file:///etc/passwd",
  ];
  for (const endpoint of bad) assert.throws(() => assertLoopback(endpoint), UserError, String(endpoint));
  assert.throws(() => isolatedEnvironment({}, { ...ISOLATION, endpoint: "https://sts.amazonaws.com" }), UserError);
});

test("an addition can set Pulumi's settings and no AWS setting", () => {
  const env = isolatedEnvironment({}, { ...ISOLATION, extra: { PULUMI_HOME: "/p", TF_CLI_CONFIG_FILE: "/t" } });
  assert.equal(env.PULUMI_HOME, "/p");
  assert.equal(env.TF_CLI_CONFIG_FILE, "/t");
  for (const name of ["AWS_ENDPOINT_URL", "AWS_PROFILE", "aws_profile"]) {
    assert.throws(() => isolatedEnvironment({}, { ...ISOLATION, extra: { [name]: "x" } }), /sets these itself/);
  }
});

test("the profile files exist, are empty and belong to the user alone, even after somebody wrote to them", async () => {
  const home = await mkdtemp(join(tmpdir(), "isolation-test-"));
  await prepareHome(home);
  const env = isolatedEnvironment({}, { ...ISOLATION, home });
  await writeFile(String(env.AWS_SHARED_CREDENTIALS_FILE), "[default]\naws_access_key_id = x\n");
  await prepareHome(home);
  for (const path of [env.AWS_CONFIG_FILE, env.AWS_SHARED_CREDENTIALS_FILE]) {
    assert.equal(await readFile(String(path), "utf8"), "");
    assert.equal((await stat(String(path))).mode & 0o777, 0o600);
  }
  await rm(home, { recursive: true });
});

test("an SDK client made from the settings signs with dummies and goes to the endpoint, whatever the environment says", async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(String(request.headers.authorization));
    response.end(
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const before = { ...process.env };
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: SECRET, AWS_SECRET_ACCESS_KEY: SECRET, AWS_PROFILE: SECRET });
  process.env.AWS_ENDPOINT_URL_STS = "http://203.0.113.7:1";
  try {
    const { port } = server.address() as AddressInfo;
    const client = new STSClient(clientSettings(`http://127.0.0.1:${port}`, "us-east-1"));
    await client.send(new GetCallerIdentityCommand({}));
    client.destroy();
  } finally {
    process.env = before;
    server.close();
  }
  assert.equal(seen.length, 1);
  assert.match(String(seen[0]), /Credential=test\//);
});

test.run();
