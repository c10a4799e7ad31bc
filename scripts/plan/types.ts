import type { Sensitive } from "./sensitive";

/** JSON as the tools print it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/**
 * A value read from a state. A leaf that Terraform or Pulumi marks secret is wrapped in `Sensitive`, which prints
 * and serialises as a marker, so nothing downstream can leak it by accident.
 */
export type Value = null | boolean | number | string | Sensitive | readonly Value[] | { readonly [key: string]: Value };
export type ValueObject = { readonly [key: string]: Value };

/** One thing that is wrong. Checks return all of them at once; an empty list means the check passed. */
export interface Finding {
  readonly category: FindingCategory;
  /** Names both sides where there are two. */
  readonly message: string;
  /** What to do, as a sentence or a command. */
  readonly fix: string;
}

export type FindingCategory =
  | "missing"
  | "extra"
  | "duplicate"
  | "different-type"
  | "unmapped"
  | "instances"
  | "not-importable"
  | "wrong-account"
  | "wrong-region"
  | "moved"
  | "order"
  | "unexpected-change"
  | "difference"
  | "pending"
  | "no-owner";

// ---------------------------------------------------------------------------------------------- Terraform's side

export interface Output {
  readonly value: Value;
  readonly sensitive: boolean;
}

export interface InventoryResource {
  /** Full address with instance keys, e.g. `module.storage[0].aws_dynamodb_table.sentences`. */
  readonly address: string;
  /** Terraform type, e.g. `aws_dynamodb_table`. */
  readonly type: string;
  /** Label in the HCL. */
  readonly name: string;
  /** Address of the module instance, `module.storage[0]`; empty for the root module. */
  readonly module: string;
  readonly attributes: ValueObject;
  /** Terraform means to replace it, or a replacement was left half-done. */
  readonly condition?: "tainted" | "deposed";
}

/** `terraform show -json`, of a state or of the planned values of a plan. Data sources are not in it. */
export interface Inventory {
  readonly terraformVersion: string;
  readonly resources: readonly InventoryResource[];
  readonly outputs: Readonly<Record<string, Output>>;
  /** By output: the modules it is made from. Only a plan knows them; the state holds the values alone. */
  readonly outputModules?: Readonly<Record<string, readonly string[]>>;
}

/** Which state it was: the header of `terraform state pull` and the sha256 of its bytes. */
export interface StateIdentity {
  readonly version: number;
  readonly lineage: string;
  readonly serial: number;
  readonly sha256: string;
}

// ------------------------------------------------------------------------------------------------- Pulumi's side

/** A resource as the program registers it, from mocks or from `pulumi preview --json`. */
export interface RegisteredResource {
  readonly urn: string;
  /** Type token, e.g. `aws:dynamodb/table:Table`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** URN of the parent; absent directly below the stack. */
  readonly parent?: string;
  /** False for components. */
  readonly custom: boolean;
  readonly inputs: ValueObject;
}

/** A resource in `pulumi stack export`. */
export interface PulumiResource extends RegisteredResource {
  /** Physical id; empty for components. */
  readonly id: string;
  readonly outputs: ValueObject;
  readonly protect: boolean;
}

/** `pulumi stack export`, without the stack resource itself and without providers. */
export interface Checkpoint {
  readonly stack: string;
  readonly project: string;
  readonly resources: readonly PulumiResource[];
  readonly outputs: Readonly<Record<string, Output>>;
  /** URN and kind of operations that a killed engine left behind, e.g. `importing`. */
  readonly pending: readonly { readonly urn: string; readonly type: string }[];
  readonly sha256: string;
}

// --------------------------------------------------------------------------------------------------------- The map

/**
 * scripts/migration-map.yaml, as read:
 * ```yaml
 * version: 1
 * project: text-to-speech
 * waves: [delivery, speech, storage]   # in the order they move; each is a module in Terraform's `released`
 * components:                          # logical name and type of what stands for a module
 *   delivery: text-to-speech:index:Delivery
 * resources:
 *   - terraform: module.delivery[0].aws_cloudfront_distribution.audio
 *     type: aws:cloudfront/distribution:Distribution
 *     name: audio                      # logical name
 *     parent: delivery                 # a component
 *     wave: delivery
 * skipped:                             # optional: what stays behind on purpose
 *   - terraform: module.storage[0].aws_s3_object.readme
 *     reason: deleted after the move
 * ```
 */
export interface MigrationMap {
  readonly version: 1;
  readonly project: string;
  /** In the order they move. */
  readonly waves: readonly string[];
  readonly components: readonly MappedComponent[];
  readonly resources: readonly MappedResource[];
  readonly skipped: readonly { readonly address: string; readonly reason: string }[];
  readonly sha256: string;
}

export interface MappedComponent {
  readonly wave: string;
  readonly type: string;
  readonly name: string;
}

export interface MappedResource {
  readonly address: string;
  readonly terraformType: string;
  readonly type: string;
  readonly name: string;
  /** Logical name and type of the component it belongs to. */
  readonly parent: { readonly type: string; readonly name: string };
  readonly wave: string;
  /** Line in the map file, for messages. */
  readonly line: number;
}

// ----------------------------------------------------------------------------------------------- The plan document

/** Where everything in a plan document came from; `adopt` and `cutover` refuse when one of them moved. */
export interface PlanSources {
  readonly terraform: StateIdentity;
  readonly pulumi: { readonly sha256: string };
  readonly map: { readonly sha256: string };
  /** Of all files below pulumi/ that make the program. */
  readonly program: { readonly sha256: string };
  /** Of handler/dist/handler.zip. */
  readonly handler: { readonly sha256: string };
  readonly gitCommit: string;
}

export interface PlannedResource {
  readonly address: string;
  readonly terraformType: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN of the component. */
  readonly parent: string;
  readonly wave: string;
  readonly importId: string;
}

export interface PlannedComponent {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly wave: string;
}

/** What a person reviews and what `adopt` and `cutover` take. Holds no attribute values, hence no secrets. */
export interface PlanDocument {
  readonly version: 1;
  /** Of the canonical JSON of everything else in the document. */
  readonly sha256: string;
  /** ISO 8601. */
  readonly created: string;
  readonly project: string;
  readonly environment: string;
  /** The waves that it moves, in order. */
  readonly waves: readonly string[];
  readonly account: string;
  readonly region: string;
  readonly sources: PlanSources;
  readonly components: readonly PlannedComponent[];
  readonly resources: readonly PlannedResource[];
}

/** What `pulumi import --file` takes. */
export interface ImportFile {
  readonly nameTable: Readonly<Record<string, string>>;
  readonly resources: readonly ImportFileResource[];
}

export interface ImportFileResource {
  readonly type: string;
  readonly name: string;
  readonly id?: string;
  /** Key in this file's naming or in the name table. */
  readonly parent?: string;
  readonly component?: true;
  readonly logicalName?: string;
}

// ------------------------------------------------------------------------------------------------------ Comparison

export type Verdict = "equal" | "equal-by-meaning" | "never-returned" | "different";

/** One property of one resource, or one stack output (then `address` and `urn` are empty). */
export interface ComparisonRow {
  readonly address: string;
  readonly urn: string;
  /** Path in Terraform's names, e.g. `tags.Project` or `rule[0].bucket_key_enabled`; for an output its name. */
  readonly terraformName: string;
  readonly pulumiName: string;
  /** Absent where that side says nothing. Printable: secrets are markers. */
  readonly terraformValue?: Json;
  readonly pulumiValue?: Json;
  readonly verdict: Verdict;
  /** Why it is not plainly equal; empty for `equal`. */
  readonly reason: string;
}

// ------------------------------------------------------------------------------------------------------- Ownership

export type Owner = "terraform" | "pulumi" | "both" | "none";

export interface OwnedResource {
  readonly address: string;
  readonly urn: string;
  readonly terraformType: string;
  readonly type: string;
  /** Physical id, from whichever side has it; empty when neither has. */
  readonly id: string;
  readonly wave: string;
  readonly owner: Owner;
  /** Who may change it now. */
  readonly writer: "terraform" | "pulumi" | "none";
}

/** `terraform` not begun, `adopting` both hold it, `pulumi` cut over, `between` a command stopped half-way. */
export type WaveState = "terraform" | "adopting" | "pulumi" | "between";

export interface WaveOwnership {
  readonly wave: string;
  readonly state: WaveState;
  /** In Terraform's `released`. */
  readonly released: boolean;
  /** In the stack's `owns`. */
  readonly owned: boolean;
  readonly resources: number;
}

export interface OwnershipSnapshot {
  readonly version: 1;
  readonly environment: string;
  /** Number of waves cut over; 0 = not begun, `waves.length` = done. */
  readonly stage: number;
  readonly waves: readonly WaveOwnership[];
  readonly resources: readonly OwnedResource[];
  readonly problems: readonly Finding[];
  /** The exact next command; empty when everything has moved. */
  readonly next: string;
}

/** What the journal knows and the states cannot tell. */
export interface JournalSummary {
  /** The command that began and did not end, if any. */
  readonly unfinished?: {
    readonly command: "adopt" | "cutover" | "rollback";
    readonly wave: string;
    readonly step: string;
  };
  /** Waves whose plan document is made and not used yet. */
  readonly planned: readonly string[];
  /** Waves that `verify` found equal since they were adopted. */
  readonly verified: readonly string[];
}
