import { z } from "zod";
import { UserError } from "../lib/errors";
import { parseJson } from "../lib/files";

const change = z.looseObject({ actions: z.array(z.string()) });
const schema = z.looseObject({
  format_version: z.string(),
  errored: z.boolean().optional(),
  resource_changes: z
    .array(z.looseObject({ address: z.string(), mode: z.string(), change, previous_address: z.string().optional() }))
    .default([]),
  resource_drift: z.array(z.looseObject({ address: z.string(), change })).default([]),
  output_changes: z.record(z.string(), change).default({}),
});

export interface Change {
  /** Address of a resource, or name of an output. */
  readonly name: string;
  /** Terraform's words: `create`, `update`, `delete`. */
  readonly actions: readonly string[];
}

export interface PlanSummary {
  readonly resources: readonly Change[];
  readonly outputs: readonly Change[];
  /** Resources that changed outside of Terraform. */
  readonly drift: readonly Change[];
}

const HARMLESS = new Set(["no-op", "read"]);
const changes = (actions: readonly string[]): boolean => actions.some((action) => !HARMLESS.has(action));

/**
 * What a plan would do, from `terraform show -json` of it.
 * @throws UserError when the text is not such a plan: an answer that cannot be read is never "no changes"
 */
export const summarisePlan = (json: string): PlanSummary => {
  const fix = "repeat the command; if it happens again, run `terraform plan` by hand";
  const result = schema.safeParse(parseJson(json, "the plan that Terraform printed", fix));
  if (!result.success) throw new UserError("Terraform printed a plan of an unknown shape", { fix });
  if (result.data.errored) throw new UserError("Terraform's plan is incomplete: planning failed", { fix });
  const { resource_changes, output_changes, resource_drift } = result.data;
  return {
    resources: resource_changes
      .filter((each) => changes(each.change.actions) || each.previous_address !== undefined)
      .map((each) => ({ name: each.address, actions: each.change.actions })),
    outputs: Object.entries(output_changes)
      .filter(([, each]) => changes(each.actions))
      .map(([name, each]) => ({ name, actions: each.actions })),
    drift: resource_drift
      .filter((each) => changes(each.change.actions))
      .map((each) => ({ name: each.address, actions: each.change.actions })),
  };
};
