import { readFile } from "node:fs/promises";
import { paths } from "../../lib/paths";
import { canonical } from "../../plan/values";
import { readDeployment } from "../../pulumi/deployment";
import { exportStack } from "../../pulumi/pulumi";
import { addressesOf, type RawState } from "../../terraform/state-entries";
import { readPulumiFile, readTerraformObject, type StatePlaces } from "./saved";

interface PulumiFile {
  readonly checkpoint: {
    readonly latest?: {
      readonly resources?: readonly { readonly urn: string }[];
    };
  };
}

/** What the two states hold, read past every command and every tool. */
export interface Truth {
  readonly terraform: ReadonlySet<string>;
  readonly pulumi: ReadonlySet<string>;
}

export const readTruth = async (places: StatePlaces): Promise<Truth> => {
  const terraform = JSON.parse(await readTerraformObject(places)) as RawState;
  const pulumi = JSON.parse(await readPulumiFile(places)) as PulumiFile;
  return {
    terraform: new Set(terraform.resources.filter(({ mode }) => mode === "managed").flatMap(addressesOf)),
    pulumi: new Set((pulumi.checkpoint.latest?.resources ?? []).map(({ urn }) => urn)),
  };
};

/** Times, and the random id that the engine gives to its provider resource. */
const withoutChance = ({ created: _c, modified: _m, ...resource }: Record<string, unknown>): unknown =>
  JSON.parse(JSON.stringify(resource).replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>"));

/**
 * One text for where a workspace stands: equal for two runs that ended in the same place. Pulumi's secrets are decrypted
 * for it, since the same secret is encrypted to another text each time; the text is compared and never written.
 */
export const endState = async (places: StatePlaces): Promise<string> => {
  const { lineage, outputs, resources } = JSON.parse(await readTerraformObject(places)) as RawState;
  const { deployment } = readDeployment((await exportStack(places.context, true)) ?? "");
  const own = [...(deployment.resources ?? [])].sort((a, b) => a.urn.localeCompare(b.urn)).map(withoutChance);
  const files = paths(places.context);
  const lists = await Promise.all([files.tfvars, files.stackConfig].map((path) => readFile(path, "utf8")));
  const pending = deployment.pending_operations ?? [];
  return canonical({ terraform: { lineage, outputs, resources }, pulumi: own, pending, lists });
};

/** Where two end states part, with what comes before; empty when they are equal. */
export const firstDifference = (one: string, other: string): string => {
  if (one === other) return "";
  let at = 0;
  while (one[at] === other[at]) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - 150), at + 80);
  return `${around(one)}\n  instead of\n${around(other)}`;
};
