import type { Leaf } from "./align";
import { embeddedJson, meaningText } from "./meaning";
import { Sensitive } from "./sensitive";
import type { Value, Verdict } from "./types";
import { canonical, isEmpty } from "./values";

export interface Judgement {
  readonly verdict: Exclude<Verdict, "never-returned">;
  readonly reason: string;
}

const equal: Judgement = { verdict: "equal", reason: "" };
const byMeaning = (reason: string): Judgement => ({ verdict: "equal-by-meaning", reason });
const different = (reason: string): Judgement => ({ verdict: "different", reason });

const isAbsent = (value: Value | undefined): value is null | undefined => value === null || value === undefined;

/** Whether an encrypted secret is among the values, whose content nobody here knows. */
const isSealed = (value: Value | undefined): boolean => value instanceof Sensitive && value.reveal() === undefined;

const kindOfEquality = ({ field, terraform, pulumi }: Leaf): string => {
  if (field?.type === "set") return "the same set in another order";
  if (typeof terraform === "string" && typeof pulumi === "string" && embeddedJson(terraform) !== undefined) {
    return "the same JSON document: what it says is equal, how it is written is not";
  }
  if (typeof terraform !== typeof pulumi) return "the same value, once written as text";
  return "the same value, written differently";
};

const judgeOneSided = ({ terraform, pulumi, entry }: Leaf): Judgement => {
  const [value, other] = isAbsent(terraform) ? [pulumi, "Terraform"] : [terraform, "Pulumi"];
  if (isAbsent(value)) return equal;
  if (entry) return different(`${other} does not have this key`);
  if (isEmpty(value)) return byMeaning("empty and not set are the same to the provider");
  if (value === false || value === 0) return byMeaning("not set: the provider's value for that is the same");
  return different(`not set in ${other}`);
};

/**
 * Whether a property means the same on both sides, both having been read by the same provider from the same cloud.
 * `false`, `0` and "not set" are one value to it, since its SDK cannot tell them apart.
 */
export const judge = (leaf: Leaf): Judgement => {
  const { field, terraform, pulumi } = leaf;
  if (isSealed(terraform) || isSealed(pulumi)) {
    return different("encrypted, so nobody can say; export the stack with its secrets to compare them");
  }
  if (isAbsent(terraform) || isAbsent(pulumi)) {
    const judgement = judgeOneSided(leaf);
    return field || judgement.verdict === "equal"
      ? judgement
      : different("the provider's mapping does not know this property");
  }
  if (canonical(terraform, true) === canonical(pulumi, true)) return equal;
  if (!field) return different("the provider's mapping does not know this property");
  if (isEmpty(terraform) && isEmpty(pulumi)) return byMeaning("empty on both sides");
  const same = meaningText(field, terraform, "terraform") === meaningText(field, pulumi, "pulumi");
  return same ? byMeaning(kindOfEquality(leaf)) : different("");
};
