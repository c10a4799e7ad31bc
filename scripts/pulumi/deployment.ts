import { z } from "zod";
import { UserError } from "../lib/errors";
import { parseJson } from "../lib/files";

const resourceShape = z.looseObject({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  parent: z.string().optional(),
  provider: z.string().optional(),
  protect: z.boolean().optional(),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullish()).nullish(),
  deletedWith: z.string().optional(),
});

/** `pulumi stack export`, as much of it as is edited here; everything else passes through. */
const exportShape = z.looseObject({
  version: z.number(),
  deployment: z.looseObject({
    resources: z.array(resourceShape).nullish(),
    pending_operations: z.array(z.unknown()).nullish(),
  }),
});

export type Deployment = z.infer<typeof exportShape>;
type Resource = z.infer<typeof resourceShape>;

export const readDeployment = (text: string): Deployment => {
  const source = "`pulumi stack export`";
  const fix = "repeat the command; Pulumi's state was not changed by it";
  const result = exportShape.safeParse(parseJson(text, source, fix));
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new UserError(`${source}: ${issue?.path.join(".")}: ${issue?.message}`, { fix });
};

const withResources = (state: Deployment, resources: Resource[]): Deployment => ({
  ...state,
  deployment: { ...state.deployment, resources },
});

export const resourcesOf = (state: Deployment): readonly Resource[] => state.deployment.resources ?? [];

const isProvider = ({ type }: Resource): boolean => type.startsWith("pulumi:providers:");

/** `<urn>::<id>` in a resource's provider field names the provider's URN. */
const providerUrn = (reference: string): string => reference.slice(0, reference.lastIndexOf("::"));

/** What reads from the forgotten ones reads from Terraform's outputs now: the same values, and no edge in this stack. */
const withoutEdgesTo = (each: Resource, urns: ReadonlySet<string>): Resource => {
  const stays = (urn: string): boolean => !urns.has(urn);
  const { dependencies, propertyDependencies, deletedWith } = each;
  return {
    ...each,
    ...(dependencies ? { dependencies: dependencies.filter(stays) } : {}),
    ...(propertyDependencies
      ? {
          propertyDependencies: Object.fromEntries(
            Object.entries(propertyDependencies).map(([name, on]) => [name, on ? on.filter(stays) : on]),
          ),
        }
      : {}),
    ...(deletedWith !== undefined && urns.has(deletedWith) ? { deletedWith: undefined } : {}),
  };
};

/**
 * The state without these resources, and without providers that nothing uses any more. Nothing in AWS changes.
 * @throws UserError when something that stays is a child of something that goes
 */
export const without = (state: Deployment, urns: ReadonlySet<string>): Deployment => {
  const rest = resourcesOf(state)
    .filter(({ urn }) => !urns.has(urn))
    .map((each) => withoutEdgesTo(each, urns));
  const orphan = rest.find(({ parent }) => parent !== undefined && urns.has(parent));
  if (orphan) {
    throw new UserError(`${orphan.urn} stays in the stack and is a child of what is given back`, {
      fix: "list it in scripts/migration-map.yaml with the wave it belongs to",
    });
  }
  const used = new Set(rest.map(({ provider }) => providerUrn(provider ?? "")));
  return withResources(
    state,
    rest.filter((each) => !isProvider(each) || used.has(each.urn)),
  );
};

/** The state with these resources protected: Pulumi then refuses to delete or replace them. */
export const withProtection = (state: Deployment, urns: ReadonlySet<string>): Deployment =>
  withResources(
    state,
    resourcesOf(state).map((each) => (urns.has(each.urn) ? { ...each, protect: true } : each)),
  );

export const allProtected = (state: Deployment, urns: ReadonlySet<string>): boolean =>
  resourcesOf(state).every(({ urn, protect }) => !urns.has(urn) || protect === true);
