import { join } from "node:path";
import { readSettings } from "../../lib/settings";
import { copyTerraform, inAccount, initialise, planAndShow, terraformIn } from "../terraform";
import { normalise, SAMPLE_ZIP } from "./normalise";
import { ROOT } from "./sides";

export interface Shown {
  /** `terraform show -json` of a plan made after the apply. */
  readonly plan: string;
  /** What the fixture holds. */
  readonly normalised: string;
}

/** Applies an environment to an empty account of the emulator and shows what Terraform then knows. About 45 s. */
export const applyAndShow = async (environment: string, endpoint: string, folder: string): Promise<Shown> => {
  const { account, region } = await readSettings({ workspace: ROOT, environment });
  const to = join(folder, environment);
  const options = { from: ROOT, to, handlerZip: SAMPLE_ZIP, endpoint, region, dataFolder: join(to, "data") };
  const terraform = terraformIn(inAccount(await copyTerraform(options), account));
  await initialise(terraform);
  const variables = `-var-file=${environment}.tfvars`;
  await terraform("apply", "-input=false", "-no-color", "-auto-approve", variables);
  const plan = await planAndShow(terraform, variables);
  return { plan, normalised: normalise(plan, region) };
};
