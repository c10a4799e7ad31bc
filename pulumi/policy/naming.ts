import { resourcePolicy, TYPES } from "./rules";
import { policySettings } from "./settings";

/** The property that is the physical name. */
const NAMED: Readonly<Record<string, string>> = {
  [TYPES.table]: "name",
  [TYPES.bucket]: "bucket",
  [TYPES.role]: "name",
  [TYPES.rolePolicy]: "name",
  [TYPES.logGroup]: "name",
  [TYPES.queue]: "name",
  [TYPES.function]: "name",
  [TYPES.originAccessControl]: "name",
};

const isInside = (physical: string, name: string): boolean => {
  const rest = physical.startsWith("/aws/lambda/") ? physical.slice("/aws/lambda/".length) : physical;
  return rest === name || rest.startsWith(`${name}-`);
};

export const namedInsideTheEnvironment = resourcePolicy<Readonly<Record<string, unknown>>>(
  {
    name: "named-inside-the-environment",
    description: "Each named resource says its name, which begins with the environment's.",
  },
  Object.keys(NAMED),
  (properties, report, { type }) => {
    const property = NAMED[type] ?? "name";
    const physical = properties[property];
    const { name } = policySettings();
    if (typeof physical !== "string") report(`${property} is missing; expected a name that begins with ${name}.`);
    else if (!isInside(physical, name))
      report(`${property} is ${physical}; expected ${name}, or a name that begins with ${name}-.`);
  },
);

export const namingPolicies = [namedInsideTheEnvironment];
