import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { readWith } from "../lib/children";
import type { Checked } from "../lib/context";
import { messageOf, UserError } from "../lib/errors";
import { PRIVATE, writeFileAtomic } from "../lib/files";
import { paths } from "../lib/paths";
import { readDeployment, resourcesOf } from "../pulumi/deployment";
import { pulumiEnv } from "../pulumi/pulumi";
import { readRawState } from "../terraform/state-entries";
import { terraformEnv } from "../terraform/terraform";
import type { States } from "./reading";

const LIMIT = 120_000;

/** Pushes the copy into an empty local state and pulls it again: Terraform itself has then restored it. */
const restoreTerraform = async (context: Checked, folder: string, text: string): Promise<void> => {
  const file = join(folder, "backup.tfstate");
  await writeFileAtomic(join(folder, "main.tf"), 'terraform {\n  backend "local" {}\n}\n');
  await writeFileAtomic(file, text, PRIVATE);
  const env = { ...terraformEnv(context), TF_DATA_DIR: join(folder, "data") };
  const call = (...args: string[]) =>
    readWith(context.terraform, [`-chdir=${folder}`, ...args], { env, timeout: LIMIT, label: `terraform ${args[0]}` });
  await call("init", "-input=false", "-no-color");
  await call("state", "push", "-lock=false", file);
  const { stdout } = await call("state", "pull");
  const [kept, restored] = [readRawState(text, "the backup"), readRawState(stdout, "the restored backup")];
  if (JSON.stringify(kept.resources) === JSON.stringify(restored.resources)) return;
  throw new UserError("Terraform restored something else than was kept");
};

/** Imports the copy into an empty stack in a local folder: Pulumi itself has then checked and restored it. */
const restorePulumi = async (context: Checked, folder: string, text: string): Promise<void> => {
  const kept = readDeployment(text);
  const secrets = (kept.deployment.secrets_providers as { type?: string } | undefined)?.type ?? "passphrase";
  // Only a passphrase works in a local folder; other secrets managers belong to their own backend.
  if (resourcesOf(kept).length === 0 || secrets !== "passphrase") return;
  const file = join(folder, "backup.json");
  await mkdir(join(folder, "state"), { recursive: true, mode: 0o700 });
  await writeFileAtomic(join(folder, "Pulumi.yaml"), `name: ${context.settings.project}\nruntime: nodejs\n`);
  await writeFileAtomic(file, text, PRIVATE);
  const env = { ...pulumiEnv(context), PULUMI_BACKEND_URL: `file://${join(folder, "state")}` };
  const stack = ["--stack", context.environment, "--cwd", folder, "--non-interactive"];
  const call = (...args: string[]) =>
    readWith(context.pulumi, [...args, ...stack], { env, timeout: LIMIT, label: `pulumi ${args.join(" ")}` });
  await call("stack", "init");
  await call("stack", "import", "--file", file);
  const restored = readDeployment((await call("stack", "export")).stdout);
  const urns = (state: typeof kept): string => JSON.stringify(resourcesOf(state).map(({ urn, id }) => [urn, id]));
  if (urns(kept) !== urns(restored)) throw new UserError("Pulumi restored something else than was kept");
};

/**
 * Restores both copies into empty states beside the real ones, with the tools themselves.
 * @throws UserError when one does not restore; nothing has been changed then
 */
export const checkRestores = async (context: Checked, states: States): Promise<void> => {
  const parent = paths(context).scratch("");
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(parent, "restore-"));
  try {
    await Promise.all([
      restoreTerraform(context, join(folder, "terraform"), states.terraform.text),
      states.pulumi.text && restorePulumi(context, join(folder, "pulumi"), states.pulumi.text),
    ]);
  } catch (error) {
    const fix = "nothing has been changed; find out why the state cannot be restored before going on";
    throw new UserError(`a backup does not restore: ${messageOf(error)}`, { fix, cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
