import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { readSettings, type Settings } from "../../../pulumi/config";
import { MODULES } from "../../../pulumi/modules";
import { deploy } from "../../../pulumi/program";
import { toPulumi } from "../../plan/names";
import type { ProviderMapping } from "../../plan/provider-mapping";
import type { Inventory, MigrationMap, Value, ValueObject } from "../../plan/types";
import { parseUrn } from "../../plan/urn";

/** A resource as the program registers it. */
export interface Registered {
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly inputs: ValueObject;
  /** `type name` of everything that must be there first. */
  readonly dependencies: readonly string[];
}

export interface ProgramSide {
  /** Without components. */
  readonly resources: readonly Registered[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** The values of a stack's file, by namespaced key. */
export const stackConfig = (root: string, environment: string): Readonly<Record<string, unknown>> => {
  const text = readFileSync(join(root, "pulumi", `Pulumi.${environment}.yaml`), "utf8");
  return (parse(text) as { config: Record<string, unknown> }).config;
};

/** The tags that Pulumi's provider puts on everything. */
export const defaultTags = (root: string, environment: string): unknown =>
  (stackConfig(root, environment)["aws:defaultTags"] as { tags: unknown }).tags;

/** The stack's own file, read as the engine reads it, except that this stack owns everything. */
export const stackSettings = async (root: string, environment: string): Promise<Settings> => {
  const entries = { ...stackConfig(root, environment), "text-to-speech:owns": MODULES };
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "text-to-speech",
    environment,
  );
  pulumi.runtime.setAllConfig(
    Object.fromEntries(
      Object.entries(entries).map(([key, value]) => [
        key,
        typeof value === "object" ? JSON.stringify(value) : String(value),
      ]),
    ),
  );
  return readSettings();
};

/** An archive is compared by the path that Terraform gives. */
const plain = async (value: unknown): Promise<Value> => {
  if (value instanceof pulumi.asset.FileArchive) return (await value.path) as string;
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (typeof value !== "object" || value === null) return value as Value;
  const entries = Object.entries(value).map(async ([key, item]) => [key, await plain(item)] as const);
  return Object.fromEntries(await Promise.all(entries));
};

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getDependenciesList(): string[];
}
type Register = (request: RegisterRequest, ...rest: unknown[]) => Promise<void>;

const keyOfUrn = (urn: string): string => {
  const { type, name } = parseUrn(urn);
  return `${type} ${name}`;
};

/** Mocks are not told what a resource depends on, so the request itself is read on its way. */
const recordDependencies = (): ReadonlyMap<string, readonly string[]> => {
  const dependencies = new Map<string, readonly string[]>();
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, ...rest) => {
    dependencies.set(`${request.getType()} ${request.getName()}`, request.getDependenciesList().map(keyOfUrn));
    return register(request, ...rest);
  };
  return dependencies;
};

type Applied = (type: string, name: string) => { readonly id: string; readonly state: ValueObject };

/** What AWS says of each resource: the attributes in Terraform's state, under Pulumi's names. */
export const appliedValues = (inventory: Inventory, map: MigrationMap, mapping: ProviderMapping): Applied => {
  const addresses = new Map(map.resources.map(({ type, name, address }) => [`${type} ${name}`, address]));
  const resources = new Map(inventory.resources.map((resource) => [resource.address, resource]));
  return (type, name) => {
    const found = resources.get(addresses.get(`${type} ${name}`) ?? "");
    const fields = found && mapping.resources[found.type]?.fields;
    // A resource that Terraform does not have is reported by the comparison.
    if (!found || !fields) return { id: "unknown", state: {} };
    return { id: String(found.attributes.id ?? name), state: toPulumi(fields, found.attributes) };
  };
};

/**
 * Runs the program in pulumi/ against mocks that answer with what Terraform applied, so that every value is known.
 * The handler's archive is looked up from the current folder, as the engine does from pulumi/.
 */
export const runProgram = async (settings: Settings, applied: Applied): Promise<ProgramSide> => {
  const registered: { type: string; name: string; inputs: unknown }[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        if (!custom) return { id: "", state: inputs };
        registered.push({ type, name, inputs });
        const { id, state } = applied(type, name);
        return { id, state: { ...state, ...inputs } };
      },
      call: () => {
        throw new Error("nothing is read from Terraform when everything is owned");
      },
    },
    "text-to-speech",
    settings.environment,
  );
  const dependencies = recordDependencies();
  const outputs = pulumi.all({ ...deploy(settings) }) as unknown as { promise(): Promise<Record<string, string>> };
  const values = await outputs.promise();
  // Resources without consumers are registered after the outputs are known.
  await pulumi.runtime.disconnect();
  const resources = registered.map(async ({ type, name, inputs }) => ({
    type,
    name,
    inputs: (await plain(inputs)) as ValueObject,
    dependencies: dependencies.get(`${type} ${name}`) ?? [],
  }));
  return { resources: await Promise.all(resources), outputs: values };
};

/** The names that pulumi/index.ts exports, which are the outputs of the stack. To be called beside a handler's archive. */
export const exportedNames = async (root: string, environment: string): Promise<string[]> => {
  // Sets mocks and the stack's configuration, which the module reads when it is loaded.
  await stackSettings(root, environment);
  const exported = require("../../../pulumi/index") as Readonly<Record<string, unknown>>;
  await pulumi.runtime.disconnect();
  return Object.keys(exported);
};
