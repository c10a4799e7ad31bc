import type { Difference } from "./differences";

/** Why the finished program says it otherwise. `unexplained` is for a person to look at. */
export interface Cause {
  readonly name:
    | "components"
    | "explicit names"
    | "protection"
    | "policies as functions"
    | "configuration"
    | "ownership"
    | "code archive"
    | "default tags"
    | "as in the HCL"
    | "order"
    | "other variable"
    | "left to the provider"
    | "unexplained";
  readonly reason: string;
}

interface Rule extends Cause {
  readonly fits: (difference: Difference) => boolean;
}

const finished =
  (pattern: RegExp) =>
  (difference: Difference): boolean =>
    pattern.test(difference.finished ?? "");

const lastWord = (text: string | undefined): string =>
  /^[\w.[\]?!]+$/
    .exec(text ?? "")?.[0]
    .split(".")
    .at(-1) ?? "";

/** In order: the first that fits names the cause. */
const RULES: readonly Rule[] = [
  {
    name: "components",
    reason:
      "the component is the parent and tells equal labels apart, so the label alone is the logical name, as in the map",
    fits: ({ kind }) => kind === "name",
  },
  {
    name: "components",
    reason: "each resource is made by a function of its component, which hands itself in as the parent",
    fits: ({ kind, key }) => kind === "option" && key === "parent",
  },
  {
    name: "protection",
    reason: "what holds data cannot be deleted by accident",
    fits: ({ kind, key }) => kind === "option" && key === "protect",
  },
  {
    name: "order",
    reason: "the same order, said where the resource is made",
    fits: ({ kind, key }) => kind === "option" && key.startsWith("dependsOn"),
  },
  { name: "explicit names", reason: "physical names come from one checked place", fits: finished(/\bnames\./) },
  {
    name: "policies as functions",
    reason: "the policy is a typed function of plain values, tested by itself, with the least that is needed",
    fits: finished(/JSON\.stringify\(/),
  },
  {
    name: "code archive",
    reason: "the archive is an asset, and its hash is read from the file itself",
    fits: finished(/FileArchive|sourceCodeHash\(/),
  },
  {
    name: "ownership",
    reason:
      "comes through an interface that Pulumi's storage and Terraform's outputs both offer, whoever owns it at this stage",
    fits: finished(/\bstorage\./),
  },
  {
    name: "configuration",
    reason: "a checked setting, under the name it has there",
    fits: finished(/^args\.\w+$|\$\{name\}|^name$|^region$/),
  },
  {
    name: "configuration",
    reason: "a named constant takes the place of a local value",
    fits: finished(/^[A-Z][A-Z_]+$/),
  },
  {
    name: "other variable",
    reason: "the same attribute of the same resource, held in a variable of another name",
    fits: (difference) =>
      lastWord(difference.finished) !== "" && lastWord(difference.finished) === lastWord(difference.converted),
  },
  {
    name: "as in the HCL",
    reason: "the id, as the HCL says; the converter puts the attribute that it knows to be the same",
    fits: ({ finished: ours }) => /^\w+\.id$/.test(ours ?? ""),
  },
  {
    name: "left to the provider",
    reason: "the converter spells out what is left out here",
    fits: (difference) => difference.finished === undefined,
  },
];

const UNEXPLAINED: Cause = { name: "unexplained", reason: "no rule names the cause: look at it" };

export const causeOf = (difference: Difference): Cause => {
  const rule = RULES.find(({ fits }) => fits(difference));
  return rule ? { name: rule.name, reason: rule.reason } : UNEXPLAINED;
};
