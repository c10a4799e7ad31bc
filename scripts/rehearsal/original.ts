import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { Context } from "../lib/context";
import { UserError } from "../lib/errors";
import { paths } from "../lib/paths";
import { run } from "../lib/processes";
import { readSettings } from "../lib/settings";
import { summarisePlan } from "../terraform/plan-summary";
import { applySaved, initTerraform, planChanges } from "../terraform/terraform";
import { clientSettings } from "./isolation";

/** Every real account has the bucket for Terraform's state before Terraform runs; the emulated one gets it here. */
export const createStateBucket = async (context: Context, endpoint: string): Promise<string> => {
  const { stateObject } = await readSettings(context);
  if (!stateObject)
    throw new UserError(`${paths(context).backend} is missing; it names the bucket of Terraform's state`);
  const s3 = new S3Client(clientSettings(endpoint, stateObject.region));
  await s3.send(new CreateBucketCommand({ Bucket: stateObject.bucket }));
  s3.destroy();
  return stateObject.bucket;
};

/** Deploys the pipeline as the team has it today. */
export const applyOriginal = async (context: Context, update: (detail: string) => void): Promise<void> => {
  update("init");
  await initTerraform(context);
  update("plan");
  const plan = await planChanges(context, { name: "original" });
  const { resources } = summarisePlan(plan.json);
  update(`apply of ${resources.length} resources`);
  await applySaved(context, plan);
  update(`${resources.length} resources`);
};

/** An empty Pulumi stack in the file backend that the environment names. */
export const createStack = async (context: Context): Promise<void> => {
  const args = ["stack", "init", context.environment, "--cwd", paths(context).program, "--non-interactive"];
  await run(context.pulumi, args, { env: context.env, timeout: 60_000 });
};
