import { loadMap, readInventoryOf, readStates } from "../commands/reading";
import { verify } from "../commands/verify";
import type { Context } from "../lib/context";
import { UserError } from "../lib/errors";
import type { Output, Value } from "../plan/types";
import { summarisePlan } from "../terraform/plan-summary";
import { planChanges } from "../terraform/terraform";
import { fetchThroughDistribution } from "./cdn";
import type { RehearsalReport } from "./report";
import type { World } from "./world";

/** The four outputs that both sides promise under the same names. */
const PROMISED = ["tableArn", "lambdaArn", "bucketName", "audioUrl"] as const;
export type Outputs = Readonly<Record<(typeof PROMISED)[number], Value>>;

export const promisedOutputs = (outputs: Readonly<Record<string, Output>>): Outputs =>
  Object.fromEntries(PROMISED.map((name) => [name, outputs[name]?.value ?? null])) as Outputs;

export interface Before {
  readonly terraformVersion: string;
  readonly outputs: Outputs;
  /** What Terraform would change. */
  readonly changes: number;
}

/** How the pipeline stands before anything moves. */
export const lookBefore = async (context: Context): Promise<Before> => {
  const { terraformVersion, outputs } = await readInventoryOf(context);
  const plan = summarisePlan((await planChanges(context)).json);
  const changes = plan.resources.length + plan.outputs.length;
  return { terraformVersion, outputs: promisedOutputs(outputs), changes };
};

export interface After {
  readonly outputs: Outputs;
  readonly terraformChanges: number;
  readonly pulumiChanges: number;
  /** URNs of the resources in Pulumi's state. */
  readonly urns: ReadonlySet<string>;
  /** What `verify` says when it is not satisfied. */
  readonly complaint: string;
}

/** Both tools are asked once more, at the end. */
export const lookAfter = async (context: Context): Promise<After> => {
  const { data, text } = await verify(context, { wave: "all" });
  const { pulumi } = await readStates(context);
  return {
    outputs: promisedOutputs(pulumi.checkpoint.outputs),
    terraformChanges: data.terraform.length,
    pulumiChanges: data.pulumi.length,
    urns: new Set(pulumi.checkpoint.resources.map(({ urn }) => urn)),
    complaint: data.equal ? "" : text,
  };
};

/** The environment's map says how many resources there are to move: fewer were forgotten, more appeared. */
export const expectedResources = async (): Promise<number> => (await loadMap()).resources.length;

/**
 * Fetches the audio of one request as a listener would, through the distribution.
 * @throws UserError when it is not there or is no mp3
 */
export const fetchAudio = async (world: World, outputs: Outputs, id: number): Promise<RehearsalReport["audio"]> => {
  const url = String(outputs.audioUrl);
  const { status, body, contentType, throughDistribution } = await fetchThroughDistribution(
    world.emulatorEndpoint,
    url,
    `${id}.mp3`,
  );
  if (status !== 200 || contentType !== "audio/mpeg" || body.length === 0) {
    throw new UserError(`${url}/${id}.mp3 answered ${status} with ${body.length} bytes of ${contentType || "no type"}`);
  }
  return { url: `${url}/${id}.mp3`, bytes: body.length, through: throughDistribution ? "distribution" : "bucket" };
};
