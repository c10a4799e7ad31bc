import { z } from "zod";
import { UserError } from "../lib/errors";
import { parseJson, sha256 } from "../lib/files";
import { Sensitive } from "./sensitive";
import type { Checkpoint, Output, PulumiResource, Value, ValueObject } from "./types";
import { parseUrn, STACK_TYPE } from "./urn";
import { isObject } from "./values";

const resourceShape = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  id: z.string().default(""),
  parent: z.string().optional(),
  protect: z.boolean().default(false),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});

const exportShape = z.looseObject({
  version: z.number().int(),
  deployment: z.looseObject({
    resources: z.array(resourceShape).nullish(),
    pending_operations: z
      .array(z.looseObject({ type: z.string(), resource: z.looseObject({ urn: z.string() }) }))
      .nullish(),
  }),
});

/** 4 is 3 with a list of features, which the engine itself checks. */
const VERSIONS = [3, 4];
const FIX = "`pulumi stack export` prints the live state; it was not changed by this command.";

/** The engine's mark of a special object, and of a secret among them. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

const readSecret = (envelope: ValueObject): Sensitive =>
  typeof envelope.plaintext === "string" ? Sensitive.of(JSON.parse(envelope.plaintext)) : new Sensitive();

/**
 * Wraps every secret; shares every part that holds none.
 * @param blinded the text that stands in for a secret, where the engine printed one
 */
export const wrapSecrets = (value: unknown, blinded?: string): Value => {
  if (blinded !== undefined && value === blinded) return new Sensitive();
  if (Array.isArray(value)) {
    const items = value.map((item) => wrapSecrets(item, blinded));
    return items.some((item, index) => item !== value[index]) ? items : (value as Value);
  }
  if (!isObject(value)) return value as Value;
  if (value[SIGNATURE] === SECRET) return readSecret(value);
  let copy: Record<string, Value> | undefined;
  for (const key of Object.keys(value)) {
    const wrapped = wrapSecrets(value[key], blinded);
    if (wrapped === value[key]) continue;
    copy ??= { ...value };
    copy[key] = wrapped;
  }
  return copy ?? value;
};

const readResource = (resource: z.infer<typeof resourceShape>): PulumiResource => ({
  urn: resource.urn,
  type: resource.type,
  name: parseUrn(resource.urn).name,
  ...(resource.parent ? { parent: resource.parent } : {}),
  custom: resource.custom,
  id: resource.id,
  protect: resource.protect,
  inputs: wrapSecrets(resource.inputs) as ValueObject,
  outputs: wrapSecrets(resource.outputs) as ValueObject,
});

const readOutputs = (outputs: Readonly<Record<string, unknown>>): Record<string, Output> =>
  Object.fromEntries(
    Object.entries(outputs).map(([name, output]) => {
      const value = wrapSecrets(output);
      return [name, { value, sensitive: value instanceof Sensitive }];
    }),
  );

const isPlumbing = ({ type }: PulumiResource): boolean => type === STACK_TYPE || type.startsWith("pulumi:providers:");

/**
 * Reads `pulumi stack export`; with `--show-secrets` their contents can be compared, and are still never printed.
 * @throws UserError when the text is empty, torn, of a newer version or of another shape
 */
export const readCheckpoint = (text: string, stack: string, source: string): Checkpoint => {
  const parsed = exportShape.safeParse(parseJson(text, source, FIX));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`${source}: ${issue?.path.join(".")}: ${issue?.message}`, { fix: FIX });
  }
  const { version, deployment } = parsed.data;
  if (!VERSIONS.includes(version)) {
    throw new UserError(`${source}: version is ${version}; expected ${VERSIONS.join(" or ")}`, {
      fix: "Use the Pulumi version that this repository is made for (README, prerequisites).",
    });
  }
  const resources = (deployment.resources ?? []).map(readResource);
  const root = resources.find(({ type }) => type === STACK_TYPE);
  return {
    stack,
    project: root ? parseUrn(root.urn).project : "",
    resources: resources.filter((resource) => !isPlumbing(resource)),
    outputs: readOutputs(root?.outputs ?? {}),
    pending: (deployment.pending_operations ?? []).map(({ type, resource }) => ({ urn: resource.urn, type })),
    sha256: sha256(text),
  };
};
