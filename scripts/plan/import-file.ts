import type { ImportFile, ImportFileResource, PlanDocument } from "./types";
import { parseUrn } from "./urn";

/** `aws:s3/bucketV2:BucketV2` → `BucketV2`, as Pulumi itself does to tell equal names apart. */
const classOf = (type: string): string => type.split(":").at(-1) ?? type;

/** Names must be unique in the file, since parents are referred to by name; the first to come keeps its own. */
const uniqueNames = (): ((name: string, type: string) => string) => {
  const taken = new Set<string>();
  return (name, type) => {
    let unique = name;
    for (let number = 1; taken.has(unique); number += 1) unique = `${name}${classOf(type)}${number > 1 ? number : ""}`;
    taken.add(unique);
    return unique;
  };
};

/**
 * What `pulumi import --file` needs to bring the plan's resources into the stack with their components.
 * @param present URNs that the stack has already, after an import that stopped half-way: they are left out
 */
export const importFile = (plan: PlanDocument, present: ReadonlySet<string> = new Set()): ImportFile => {
  const unique = uniqueNames();
  const names = new Map(plan.components.map(({ urn, name, type }) => [urn, unique(name, type)]));
  const nameTable = Object.fromEntries(
    plan.components.filter(({ urn }) => present.has(urn)).map(({ urn }) => [names.get(urn) ?? "", urn]),
  );
  const components = plan.components
    .filter(({ urn }) => !present.has(urn))
    .map(({ urn, type, name }) => entry({ type, name: names.get(urn) ?? name, component: true }, name));
  const resources = plan.resources
    .filter(({ urn }) => !present.has(urn))
    .map(({ type, name, parent, importId }) =>
      entry({ type, name: unique(name, type), id: importId, parent: names.get(parent) ?? parseUrn(parent).name }, name),
    );
  return { nameTable, resources: [...components, ...resources] };
};

const entry = (resource: ImportFileResource, logicalName: string): ImportFileResource =>
  resource.name === logicalName ? resource : { ...resource, logicalName };
