import * as assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import { temporaryFolder } from "../../testing/folder";
import { findAwsProvider, mirrorFolders, terraformPlatform } from "./aws-provider";
import { AWS_TERRAFORM_PROVIDER } from "./versions";

const place = (root: string, version = AWS_TERRAFORM_PROVIDER): string => {
  const folder = join(root, "registry.terraform.io/hashicorp/aws", version, terraformPlatform());
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "LICENSE.txt"), "");
  const program = join(folder, `terraform-provider-aws_v${version}_x5`);
  writeFileSync(program, "");
  return program;
};

test("the provider that terraform init installed goes before any mirror", () => {
  const root = temporaryFolder("provider");
  const installed = place(join(root, ".terraform", "providers"));
  place(join(root, "cache"));
  assert.equal(
    findAwsProvider([join(root, ".terraform")], { HOME: root, TF_PLUGIN_CACHE_DIR: join(root, "cache") }),
    installed,
  );
});

test("a mirror named to Terraform, and the places that Terraform documents, are searched", () => {
  const root = temporaryFolder("provider");
  const cached = place(join(root, "cache"));
  assert.equal(findAwsProvider([], { HOME: root, TF_PLUGIN_CACHE_DIR: join(root, "cache") }), cached);
  const home = temporaryFolder("home");
  const own = place(join(home, ".terraform.d", "plugins"));
  assert.equal(findAwsProvider([], { HOME: home }), own);
  assert.ok(mirrorFolders({ HOME: home }).includes("/usr/local/share/terraform/plugins"));
});

test("another version is not taken", () => {
  const root = temporaryFolder("provider");
  const other = place(join(root, ".terraform", "providers"), "6.0.0");
  const found = (() => {
    try {
      return findAwsProvider([join(root, ".terraform")], { HOME: root });
    } catch (error) {
      return (error as Error).message;
    }
  })();
  // A machine may carry a mirror of the right version; never the wrong one.
  assert.notEqual(found, other);
});

test("platforms are named as Terraform names them", () => {
  assert.equal(terraformPlatform("linux", "x64"), "linux_amd64");
  assert.equal(terraformPlatform("darwin", "arm64"), "darwin_arm64");
});

test.run();
