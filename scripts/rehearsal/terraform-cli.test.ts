import { strict as assert } from "node:assert";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import { terraformPlatform } from "./engine/aws-provider";
import { AWS_TERRAFORM_PROVIDER } from "./engine/versions";
import {
  ensureProvider,
  findMirror,
  mirrorsInConfig,
  needTerraform,
  placesOfMirrors,
  writeCliConfig,
} from "./terraform-cli";

const withFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "terraform-cli-test-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
};

const unpackedIn = (folder: string): string =>
  join(folder, "registry.terraform.io", "hashicorp", "aws", AWS_TERRAFORM_PROVIDER, terraformPlatform());

const makeMirror = async (folder: string): Promise<string> => {
  const program = join(unpackedIn(folder), `terraform-provider-aws_v${AWS_TERRAFORM_PROVIDER}_x5`);
  await mkdir(unpackedIn(folder), { recursive: true });
  await writeFile(program, "");
  return program;
};

const makeTerraform = async (folder: string, body: string): Promise<string> => {
  const file = join(folder, "terraform");
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
  return file;
};

test("a mirror is found where the user points, and the variable comes first", () =>
  withFolder(async (folder) => {
    const [named, configured] = [join(folder, "named"), join(folder, "configured")];
    const program = await makeMirror(named);
    await makeMirror(configured);
    const config = join(folder, "terraformrc");
    await writeFile(config, `provider_installation {\n  filesystem_mirror {\n    path    = "${configured}"\n  }\n}\n`);
    const env = { HOME: folder, TF_CLI_CONFIG_FILE: config };
    assert.equal(findMirror(await placesOfMirrors(env))?.folder, configured);
    assert.deepEqual(findMirror(await placesOfMirrors({ ...env, TF_PROVIDER_MIRROR: named })), {
      folder: named,
      program,
    });
  }));

test("a mirror is found where Terraform itself would look, below the user's home", () =>
  withFolder(async (folder) => {
    await makeMirror(join(folder, ".local", "share", "terraform", "plugins"));
    assert.equal(
      findMirror(await placesOfMirrors({ HOME: folder }))?.folder,
      join(folder, ".local/share/terraform/plugins"),
    );
  }));

test("mirror paths are read from the configuration, comments are not", () => {
  const text = `
    # filesystem_mirror { path = "/commented" }
    provider_installation {
      filesystem_mirror {
        include = ["registry.terraform.io/*/*"]
        path = "/first"
      }
      filesystem_mirror { path = "/second" }
      network_mirror { url = "https://example.com/" }
    }`;
  assert.deepEqual(mirrorsInConfig(text), ["/first", "/second"]);
  assert.deepEqual(mirrorsInConfig(""), []);
});

test("what Terraform fetched once is a mirror from then on, and Terraform is asked only once", () =>
  withFolder(async (folder) => {
    const target = unpackedIn("$TF_PLUGIN_CACHE_DIR");
    const script = `echo asked >> ${folder}/asked\nPATH=/usr/bin:/bin\nmkdir -p ${target}\ntouch ${target}/terraform-provider-aws_v5`;
    const options = {
      env: { HOME: folder },
      places: [],
      cache: folder,
      terraform: await makeTerraform(folder, script),
    };
    const first = await ensureProvider(options);
    assert.equal(first.folder, join(folder, "terraform-providers"));
    assert.deepEqual(await ensureProvider(options), first);
    assert.equal(await readFile(join(folder, "asked"), "utf8"), "asked\n");
  }));

test("a registry out of reach is reported with what to set", () =>
  withFolder(async (folder) => {
    const terraform = await makeTerraform(folder, "echo 'could not connect to registry.terraform.io' >&2; exit 1");
    await assert.rejects(
      ensureProvider({ env: { HOME: folder }, places: [], cache: folder, terraform }),
      (error: Error & { fix?: string }) => {
        assert.match(error.message, /could not be fetched[\s\S]*could not connect/);
        assert.match(error.fix ?? "", /TF_PROVIDER_MIRROR/);
        return true;
      },
    );
  }));

test("no Terraform on PATH is said with what to install", () =>
  withFolder(async (folder) => {
    assert.throws(() => needTerraform({ PATH: folder }), /terraform is not on PATH/);
  }));

test("the configuration names the mirror and nothing else", () =>
  withFolder(async (folder) => {
    const file = join(folder, "terraformrc");
    await writeCliConfig(file, { folder: '/a "b" c', program: "" });
    const text = await readFile(file, "utf8");
    assert.match(text, /path = "\/a \\"b\\" c"/);
    assert.ok(!text.includes("direct"));
  }));

test.run();
