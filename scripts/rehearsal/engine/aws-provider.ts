import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { UserError } from "../../lib/errors";
import { AWS_TERRAFORM_PROVIDER } from "./versions";

const PACKAGE = join("registry.terraform.io", "hashicorp", "aws", AWS_TERRAFORM_PROVIDER);

/** How Terraform names platforms: `linux_amd64`. */
export const terraformPlatform = (os: NodeJS.Platform = process.platform, cpu: string = process.arch): string =>
  `${os}_${cpu === "x64" ? "amd64" : cpu}`;

const programIn = (folder: string): string | undefined => {
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((file) => file.startsWith("terraform-provider-aws"));
  return name && join(folder, name);
};

/** Folders in which Terraform itself looks for mirrored providers, and those that images are built with. */
export const mirrorFolders = (env: NodeJS.ProcessEnv): string[] => {
  const home = env.HOME || homedir();
  const documented = [
    join(home, ".terraform.d", "plugins"),
    join(home, "Library", "Application Support", "io.terraform", "plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
  ];
  const images = existsSync("/opt") ? readdirSync("/opt").map((name) => join("/opt", name)) : [];
  const named = (env.TF_PLUGIN_CACHE_DIR ?? "").split(delimiter).filter(Boolean);
  return [...named, ...documented, ...images];
};

/**
 * The Terraform AWS provider that the plugin drives: the very program that Terraform runs.
 * @param folders data folders of `terraform init` (`.terraform`, or where TF_DATA_DIR points), searched before mirrors.
 * @throws UserError when it is nowhere.
 */
export const findAwsProvider = (folders: readonly string[], env: NodeJS.ProcessEnv): string => {
  const roots = [...folders.map((folder) => join(folder, "providers")), ...mirrorFolders(env)];
  for (const root of roots) {
    const found = programIn(join(root, PACKAGE, terraformPlatform()));
    if (found) return found;
  }
  throw new UserError(`the Terraform AWS provider ${AWS_TERRAFORM_PROVIDER} is not on this machine`, {
    fix: "run `terraform init` in legacy-terraform/ first",
  });
};
