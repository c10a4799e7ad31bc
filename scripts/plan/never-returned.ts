import type { ValueObject } from "./types";

/** What is known when a property differs that AWS cannot tell. */
export interface Evidence {
  /** Terraform's attributes of the resource. */
  readonly terraform: ValueObject;
  /** Base64 of the sha256 of the archive that the program deploys; as Lambda reports it for live code. */
  readonly codeSha256?: string | undefined;
}

export interface NeverReturned {
  /** Why reading the resource from AWS cannot give it. */
  readonly reason: string;
  /** Why it must not differ all the same; undefined when it may. */
  readonly objection?: (evidence: Evidence) => string | undefined;
}

const deletion = (what: string): NeverReturned => ({
  reason: `an instruction to the provider for the day of deletion (${what}); AWS does not store it`,
});

const creation = (what: string): NeverReturned => ({
  reason: `said once, when the resource was created (${what}); AWS does not repeat it`,
});

const waiting: NeverReturned = { reason: "how long the provider waits; AWS does not store it" };

/** The live code is known by its hash alone, so the archive must have that hash. */
const code: NeverReturned = {
  reason: "AWS reports the hash of the code, never where it came from; the archive's hash equals the live one",
  objection: ({ terraform, codeSha256 }) => {
    const live = terraform.code_sha256 ?? terraform.source_code_hash;
    if (codeSha256 === undefined)
      return "the hash of the archive was not given, so it cannot be compared with the live one";
    return live === codeSha256 ? undefined : `the archive's hash is ${codeSha256}, the live code's is ${String(live)}`;
  },
};

/** By Terraform type and attribute. Everything that is not here must be equal. */
export const NEVER_RETURNED: Readonly<Record<string, Readonly<Record<string, NeverReturned>>>> = {
  aws_s3_bucket: { force_destroy: deletion("empty the bucket first") },
  aws_dynamodb_table: {
    import_table: creation("load these files"),
    restore_date_time: creation("restore to this time"),
    restore_source_name: creation("restore from this table"),
    restore_source_table_arn: creation("restore from this table"),
    restore_to_latest_time: creation("restore to the latest time"),
  },
  aws_iam_role: { force_detach_policies: deletion("detach policies first") },
  aws_cloudwatch_log_group: { skip_destroy: deletion("leave the log group") },
  aws_lambda_function: {
    filename: code,
    s3_bucket: code,
    s3_key: code,
    s3_object_version: code,
    source_code_hash: code,
    publish: { reason: "what the provider does after an update; AWS knows versions, not the wish for them" },
    skip_destroy: deletion("leave the function"),
    replace_security_groups_on_destroy: deletion("swap security groups first"),
    replacement_security_group_ids: deletion("swap security groups first"),
  },
  aws_cloudfront_distribution: {
    retain_on_delete: deletion("only disable the distribution"),
    wait_for_deployment: waiting,
  },
};

/** Attributes of Terraform itself, on any type. */
const ANYWHERE: Readonly<Record<string, NeverReturned>> = { timeouts: waiting };

/** Why AWS never returns this attribute, or undefined when it does. `attribute` is at the top of the resource. */
export const neverReturned = (terraformType: string, attribute: string): NeverReturned | undefined =>
  NEVER_RETURNED[terraformType]?.[attribute] ?? ANYWHERE[attribute];
