import { readFile } from "node:fs/promises";
import { arch, platform } from "node:os";
import { join } from "node:path";
import { sha256 } from "../../../lib/files";
import { BRIDGE, LANGUAGE_NODEJS, PULUMI_CLI } from "../versions";

/** A program that is built from a Go module; its own go.mod and go.sum beside this file pin everything below it. */
export interface GoProgram {
  readonly name: "cli" | "language-nodejs" | "bridge";
  /** What progress and messages call it. */
  readonly title: string;
  readonly version: string;
  readonly package: string;
  readonly binary: string;
  /** The variable that the linker sets to `v<version>`. */
  readonly versionVariable: string;
}

const SDK_VERSION = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

export const CLI_PROGRAM: GoProgram = {
  name: "cli",
  title: "Pulumi CLI",
  version: PULUMI_CLI,
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  binary: "pulumi",
  versionVariable: SDK_VERSION,
};

export const LANGUAGE_PROGRAM: GoProgram = {
  name: "language-nodejs",
  title: "Pulumi's Node.js language host",
  version: LANGUAGE_NODEJS,
  package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  binary: "pulumi-language-nodejs",
  versionVariable: SDK_VERSION,
};

export const BRIDGE_PROGRAM: GoProgram = {
  name: "bridge",
  title: "Pulumi's Terraform bridge",
  version: BRIDGE,
  package: "github.com/pulumi/pulumi-terraform-bridge/v3/dynamic",
  // By this name Pulumi knows it too; under another it would be taken for an AWS plugin of the user's.
  binary: "pulumi-resource-terraform-provider",
  versionVariable: "github.com/pulumi/pulumi-terraform-bridge/v3/dynamic/version.version",
};

export const moduleFolder = (program: GoProgram): string => join(__dirname, "..", "go", program.name);

/** Names a build by all that goes into it: versions of every module, package, platform. */
export const buildKey = async (program: GoProgram): Promise<string> => {
  const files = await Promise.all(
    ["go.mod", "go.sum"].map((name) => readFile(join(moduleFolder(program), name), "utf8")),
  );
  const inputs = sha256([...files, program.package, program.version].join("\0")).slice(0, 12);
  return `${program.binary}-${program.version}-${platform()}-${arch()}-${inputs}`;
};
