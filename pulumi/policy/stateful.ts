import { resourcePolicy, stackPolicy, TYPES } from "./rules";
import { policySettings } from "./settings";

interface Table {
  readonly name?: string;
  readonly hashKey?: string;
  readonly rangeKey?: string;
  readonly attributes?: readonly { readonly name?: string; readonly type?: string }[];
  readonly deletionProtectionEnabled?: boolean;
  readonly pointInTimeRecovery?: { readonly enabled?: boolean };
}

interface Bucket {
  readonly bucket?: string;
  readonly forceDestroy?: boolean;
  readonly objectLockEnabled?: boolean;
}

export const dataIsProtected = resourcePolicy(
  { name: "data-is-protected", description: "The engine refuses to delete or replace what holds data." },
  [TYPES.table, TYPES.bucket],
  (_, report, { opts }) => {
    if (!opts.protect) report("protect must be true: this resource holds data.");
  },
);

/** Everything whose change AWS can only answer with a new, empty table. */
export const tableIsNotReplaced = resourcePolicy<Table>(
  { name: "table-is-not-replaced", description: "Name and keys of the table stay, as another value would replace it." },
  [TYPES.table],
  ({ name, hashKey, rangeKey, attributes = [] }, report) => {
    const expected = policySettings().name;
    if (name !== expected) report(`name is ${name ?? "missing"}; expected ${expected}.`);
    if (hashKey !== "Id") report(`hashKey is ${hashKey ?? "missing"}; expected Id.`);
    if (rangeKey) report(`rangeKey is ${rangeKey}; expected none.`);
    const type = attributes.find((attribute) => attribute.name === "Id")?.type;
    if (type !== "N") report(`attribute Id is of type ${type ?? "missing"}; expected N.`);
  },
);

export const bucketIsNotReplaced = resourcePolicy<Bucket>(
  { name: "bucket-is-not-replaced", description: "The name of the bucket stays, as another one would replace it." },
  [TYPES.bucket],
  ({ bucket, objectLockEnabled }, report) => {
    const expected = `${policySettings().name}-audio`;
    if (bucket !== expected) report(`bucket is ${bucket ?? "missing"}; expected ${expected}.`);
    if (objectLockEnabled) report("objectLockEnabled is true, which only a new bucket can have.");
  },
);

export const dataSurvivesMistakes = resourcePolicy<Table & Bucket>(
  {
    name: "data-survives-mistakes",
    description: "AWS itself refuses to delete the table or a bucket with objects, and can restore the table.",
  },
  [TYPES.table, TYPES.bucket],
  ({ deletionProtectionEnabled, pointInTimeRecovery, forceDestroy }, report, { type }) => {
    if (type === TYPES.bucket && forceDestroy) report("forceDestroy is true; expected the bucket to keep its objects.");
    if (type !== TYPES.table) return;
    if (deletionProtectionEnabled !== true) report("deletionProtectionEnabled must be true.");
    if (pointInTimeRecovery?.enabled !== true) report("pointInTimeRecovery.enabled must be true.");
  },
);

/** A deleted resource is only visible by its absence, so the stack must still hold what its configuration says it owns. */
export const dataStaysInTheStack = stackPolicy(
  {
    name: "data-stays-in-the-stack",
    description: "A stack that owns the storage holds exactly one table and one bucket.",
  },
  (stack, report) => {
    const expected = policySettings().owns.includes("storage") ? 1 : 0;
    for (const [what, type] of Object.entries({ table: TYPES.table, bucket: TYPES.bucket })) {
      const { length } = stack.all(type);
      if (length !== expected)
        report(`the stack holds ${length} of the ${what}; expected ${expected}, as text-to-speech:owns says.`);
    }
  },
);

export const statefulPolicies = [
  dataIsProtected,
  tableIsNotReplaced,
  bucketIsNotReplaced,
  dataSurvivesMistakes,
  dataStaysInTheStack,
];
