import type { Owner } from "../plan/types";

export const OWNER_WORDS: Readonly<Record<Owner, string>> = {
  terraform: "Terraform",
  pulumi: "Pulumi",
  both: "both, Terraform writes",
  none: "nobody",
};
