import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/** What looks at a mutant: a test file, or the real Terraform's plan for an environment held against the program. */
const checkShape = z.union([
  z.string().endsWith(".test.ts"),
  z.enum(["terraform plan of dev", "terraform plan of prod"]),
]);

const mutationShape = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** From the root of the repository. */
  file: z.string(),
  /** Occurs exactly once in the file. */
  find: z.string().min(1),
  replace: z.string(),
  /** Looked at in this order until one notices. */
  by: z.array(checkShape).min(1),
  /** Found in what the check that noticed says, so that it noticed this and not something else. */
  says: z.string().min(1).optional(),
  /** Why nothing can notice it: the mutant behaves as the original. */
  survives: z.string().min(1).optional(),
});

export type Mutation = z.infer<typeof mutationShape>;
export type Check = Mutation["by"][number];

/** Of a check that is a plan: its environment. */
export const planOf = (check: Check): string | undefined => /^terraform plan of (\w+)$/.exec(check)?.[1];

const listShape = z.strictObject({ mutations: z.array(mutationShape) });

/** Reads mutations.yaml. @throws when its form is wrong or two mutations share an id */
export const readMutations = (): readonly Mutation[] => {
  const { mutations } = listShape.parse(parse(readFileSync(join(__dirname, "mutations.yaml"), "utf8")));
  const twice = mutations.map(({ id }) => id).filter((id, index, ids) => ids.indexOf(id) !== index);
  if (twice.length > 0) throw new Error(`mutations.yaml has two of ${twice.join(", ")}`);
  return mutations;
};
