import { z } from "zod";
import { UserError } from "../lib/errors";
import { parseJson } from "../lib/files";
import { wrapSecrets } from "./checkpoint";
import type { RegisteredResource, Value, ValueObject } from "./types";
import { isBookkeeping, parseUrn } from "./urn";
import { isObject } from "./values";

const stateShape = z.looseObject({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  parent: z.string().optional(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});

const previewShape = z.looseObject({
  steps: z
    .array(
      z.looseObject({
        op: z.string(),
        urn: z.string(),
        oldState: stateShape.nullish(),
        newState: stateShape.nullish(),
        diffReasons: z.array(z.string()).nullish(),
        detailedDiff: z.record(z.string(), z.looseObject({ kind: z.string() })).nullish(),
      }),
    )
    .nullish(),
  diagnostics: z.array(z.looseObject({ message: z.string().default(""), severity: z.string().default("") })).nullish(),
  changeSummary: z.record(z.string(), z.number()),
});

export interface PropertyChange {
  /** In Pulumi's names, e.g. `origins[0].domainName`. */
  readonly path: string;
  readonly before: Value | undefined;
  readonly after: Value | undefined;
}

export interface PreviewStep {
  /** The engine's word: `same`, `create`, `update`, `replace`, `delete` … */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly changes: readonly PropertyChange[];
}

export interface Preview {
  readonly steps: readonly PreviewStep[];
  /** Number of resources per operation, as the engine counted them. */
  readonly counts: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
  /** What the program registers: all of it when the preview ran with `--show-sames`. */
  readonly registered: readonly RegisteredResource[];
}

type StepShape = NonNullable<z.infer<typeof previewShape>["steps"]>[number];
type StateShape = z.infer<typeof stateShape>;

/** What the engine prints in place of a secret. */
const BLINDED = "[secret]";

const values = (properties: StateShape["inputs"] | undefined): ValueObject =>
  wrapSecrets(properties ?? {}, BLINDED) as ValueObject;

/** Steps of a property path: names, quoted keys, list indexes. */
const PATH = /\["(?<quoted>(?:[^"\\]|\\.)*)"\]|\[(?<index>\d+)\]|(?<name>[^.[\]]+)/g;

const valueAt = (root: Value | undefined, path: string): Value | undefined => {
  let value = root;
  for (const { groups } of path.matchAll(PATH)) {
    const key = groups?.quoted ?? groups?.index ?? groups?.name ?? "";
    if (Array.isArray(value)) value = value[Number(key)] as Value | undefined;
    else value = isObject(value) ? value[key] : undefined;
  }
  return value;
};

const changesOf = ({ detailedDiff, diffReasons, oldState, newState }: StepShape): PropertyChange[] => {
  const detailed = Object.keys(detailedDiff ?? {});
  const paths = detailed.length > 0 ? detailed : (diffReasons ?? []);
  if (paths.length === 0) return [];
  const [before, inputs, after] = [values(oldState?.outputs), values(oldState?.inputs), values(newState?.inputs)];
  return [...new Set(paths)]
    .filter((path) => !path.startsWith("__"))
    .map((path) => ({ path, before: valueAt(before, path) ?? valueAt(inputs, path), after: valueAt(after, path) }));
};

const registeredOf = (state: StateShape): RegisteredResource => ({
  urn: state.urn,
  type: state.type,
  name: parseUrn(state.urn).name,
  ...(state.parent ? { parent: state.parent } : {}),
  custom: state.custom,
  inputs: values(state.inputs),
});

const isRegistered = ({ op, newState }: StepShape): boolean =>
  Boolean(newState) && !["delete", "delete-replaced", "create-replacement"].includes(op);

/**
 * Reads `pulumi preview --json`.
 * @throws UserError when it is not such output: what cannot be read is never "no changes"
 */
export const readPreview = (text: string): Preview => {
  const source = "`pulumi preview --json`";
  const fix = "Repeat it; if it happens again, run `pulumi preview` by hand.";
  const parsed = previewShape.safeParse(parseJson(text, source, fix));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(`${source}: ${issue?.path.join(".") || "the document"}: ${issue?.message}`, { fix });
  }
  const { steps, changeSummary, diagnostics } = parsed.data;
  return {
    steps: (steps ?? []).map((step) => ({
      op: step.op,
      urn: step.urn,
      type: parseUrn(step.urn).type,
      changes: changesOf(step),
    })),
    counts: changeSummary,
    errors: (diagnostics ?? []).filter(({ severity }) => severity === "error").map(({ message }) => message.trim()),
    registered: (steps ?? [])
      .filter(isRegistered)
      .flatMap(({ newState }) => (newState && !isBookkeeping(newState.type) ? [registeredOf(newState)] : [])),
  };
};
