import { z } from "zod";
import { UserError } from "../lib/errors";
import { parseJson, sha256 } from "../lib/files";
import type { Finding, PlanDocument, PlanSources } from "./types";
import { canonical } from "./values";

const hash = z.string().regex(/^[0-9a-f]{64}$/, "expected a sha256 in hexadecimal");
/** Names become parts of file names, so they cannot lead out of a folder. */
const plainName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, "expected letters, digits, - and _, no path");
const hashed = z.strictObject({ sha256: hash });

const documentShape = z.strictObject({
  version: z.literal(1),
  sha256: hash,
  created: z.iso.datetime(),
  project: plainName,
  environment: plainName,
  waves: z.array(plainName).min(1),
  account: z.string().regex(/^\d{12}$/, "expected the 12 digits of an AWS account"),
  region: plainName,
  sources: z.strictObject({
    terraform: z.strictObject({ version: z.number(), lineage: z.string(), serial: z.number(), sha256: hash }),
    pulumi: hashed,
    map: hashed,
    program: hashed,
    handler: hashed,
    gitCommit: z.string(),
  }),
  components: z.array(z.strictObject({ urn: z.string(), type: z.string(), name: z.string(), wave: plainName })),
  resources: z
    .array(
      z.strictObject({
        address: z.string(),
        terraformType: z.string(),
        urn: z.string(),
        type: z.string(),
        name: z.string(),
        parent: z.string(),
        wave: plainName,
        importId: z.string().min(1),
      }),
    )
    .min(1),
});

const hashOf = (document: Omit<PlanDocument, "sha256">): string => sha256(canonical(document));

/** Puts the hash of everything else into the document. */
export const sealPlan = (document: Omit<PlanDocument, "sha256">): PlanDocument => {
  const { version, ...rest } = document;
  return { version, sha256: hashOf(document), ...rest };
};

const AGAIN = "Make it again with `plan`; a plan document is read by people and never edited.";

/**
 * Reads a plan document and checks that nobody touched it since it was made.
 * @param source its path, for messages
 * @throws UserError when it is torn, of another version or shape, or edited
 */
export const readPlan = (text: string, source: string): PlanDocument => {
  const content = parseJson(text, source, AGAIN);
  const parsed = documentShape.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`${source}: ${issue?.path.join(".") || "the document"}: ${issue?.message}`, { fix: AGAIN });
  }
  const { sha256: claimed, ...rest } = parsed.data;
  const actual = hashOf(rest);
  if (claimed === actual) return parsed.data;
  throw new UserError(`${source} was edited: its content has sha256 ${actual}, it says ${claimed}`, { fix: AGAIN });
};

/** What a plan was made from and for, as it is at this moment. */
export interface Now {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly sources: PlanSources;
}

/** Everything that is not as it was when the plan was made. */
export const movedSince = (plan: PlanDocument, now: Now): Finding[] => {
  const { terraform, pulumi, map, program, handler } = plan.sources;
  const rows: readonly (readonly [what: string, then: string | number, now: string | number])[] = [
    ["environment", plan.environment, now.environment],
    ["AWS account", plan.account, now.account],
    ["region", plan.region, now.region],
    ["lineage of Terraform's state", terraform.lineage, now.sources.terraform.lineage],
    ["serial of Terraform's state", terraform.serial, now.sources.terraform.serial],
    ["content of Terraform's state", terraform.sha256, now.sources.terraform.sha256],
    ["content of Pulumi's state", pulumi.sha256, now.sources.pulumi.sha256],
    ["content of scripts/migration-map.yaml", map.sha256, now.sources.map.sha256],
    ["content of the Pulumi program", program.sha256, now.sources.program.sha256],
    ["content of handler.zip", handler.sha256, now.sources.handler.sha256],
    ["git commit", plan.sources.gitCommit, now.sources.gitCommit],
  ];
  return rows
    .filter(([, then, current]) => then !== current)
    .map(([what, then, current]) => ({
      category: "moved",
      message: `${what} is ${current}, the plan was made with ${then}`,
      fix: "Make a new plan and have it reviewed.",
    }));
};
