import { terraformName, topOf } from "./names";
import { neverReturned } from "./never-returned";
import type { Preview, PreviewStep, PropertyChange } from "./preview";
import type { ProviderMapping } from "./provider-mapping";
import type { Finding, InventoryResource } from "./types";
import { STACK_TYPE } from "./urn";
import { printable } from "./values";

/** Operations that leave the cloud and the state as they are. */
const QUIET = new Set(["same", "read", "refresh"]);

/** A property that the first update after an import writes, since AWS never told it. */
export interface WriteBack {
  readonly urn: string;
  readonly property: string;
  readonly reason: string;
}

export interface AfterImport {
  readonly writeBacks: readonly WriteBack[];
  readonly findings: readonly Finding[];
}

export interface ImportedSide {
  readonly mapping: ProviderMapping;
  /** Terraform's resource behind a URN. */
  readonly terraform: (urn: string) => InventoryResource | undefined;
  /** Base64 of the sha256 of the handler's archive. */
  readonly codeSha256?: string;
}

const shown = (value: unknown): string => (value === undefined ? "(not set)" : JSON.stringify(value));

const unexpected = (step: PreviewStep, what: string): Finding => ({
  category: "unexpected-change",
  message: `${step.urn}: pulumi preview would ${step.op} it${what}`,
  fix: "Make the program say what Terraform says, then plan and adopt again; nothing was changed.",
});

/** The mapping of a changed property, by what is at the top of its path. */
const fieldOf = (step: PreviewStep, change: PropertyChange, side: ImportedSide) => {
  const type = side.terraform(step.urn)?.type ?? "";
  const fields = side.mapping.resources[type]?.fields ?? {};
  const attribute = terraformName(fields, topOf(change.path));
  return { type, attribute, field: attribute === undefined ? undefined : fields[attribute] };
};

/** What AWS sets by itself on any update (the time of it, say): no program can ask for it. */
const isConsequence = (step: PreviewStep, change: PropertyChange, side: ImportedSide): boolean => {
  const { field } = fieldOf(step, change, side);
  return field?.computed === true && !field.optional && !field.required && change.after === undefined;
};

const judgeChange = (step: PreviewStep, change: PropertyChange, side: ImportedSide): WriteBack | Finding => {
  const { type, attribute } = fieldOf(step, change, side);
  const terraform = side.terraform(step.urn);
  const known = attribute === undefined ? undefined : neverReturned(type, attribute);
  const values = `${shown(printable(change.before))} → ${shown(printable(change.after))}`;
  if (!terraform || !known) return unexpected(step, `: ${change.path} ${values}`);
  const objection = known.objection?.({ terraform: terraform.attributes, codeSha256: side.codeSha256 });
  if (objection) return unexpected(step, `: ${change.path} ${values}: ${objection}`);
  return { urn: step.urn, property: change.path, reason: known.reason };
};

const judgeStep = (step: PreviewStep, side: ImportedSide): (WriteBack | Finding)[] => {
  if (step.op !== "update") return [unexpected(step, "")];
  const causes = step.changes.filter((change) => !isConsequence(step, change, side));
  if (causes.length === 0) return [unexpected(step, ", and does not say which property")];
  return causes.map((change) => judgeChange(step, change, side));
};

const changesIn = (counts: Preview["counts"]): number =>
  Object.entries(counts).reduce((sum, [op, count]) => sum + (QUIET.has(op) ? 0 : count), 0);

/** Every change that the engine counted must have been seen as a step; else the output was not all of it. */
const unseen = (preview: Preview, seen: number): Finding[] => {
  const counted = changesIn(preview.counts);
  return counted === seen
    ? []
    : [
        {
          category: "unexpected-change",
          message: `pulumi preview counts ${counted} change(s) and shows ${seen}`,
          fix: "Run `pulumi preview --diff` by hand to see all of them.",
        },
      ];
};

/** What a preview right after an import shows: write-backs of what AWS never returns, and everything that is wrong. */
export const checkAfterImport = (preview: Preview, side: ImportedSide): AfterImport => {
  const changing = preview.steps.filter(({ op }) => !QUIET.has(op));
  const judged = changing.filter(({ type }) => type !== STACK_TYPE).flatMap((step) => judgeStep(step, side));
  const errors = preview.errors.map(
    (message): Finding => ({
      category: "unexpected-change",
      message: `pulumi preview failed: ${message}`,
      fix: "Correct what it names, then repeat.",
    }),
  );
  return {
    writeBacks: judged.filter((item): item is WriteBack => "property" in item),
    findings: [
      ...errors,
      ...judged.filter((item): item is Finding => "category" in item),
      ...unseen(preview, changing.length),
    ],
  };
};

/** A preview that must change nothing at all. */
export const checkClean = (preview: Preview): Finding[] => {
  const nobody: ImportedSide = { mapping: { plugin: "", resources: {} }, terraform: () => undefined };
  return [...checkAfterImport(preview, nobody).findings];
};
