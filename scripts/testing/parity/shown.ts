import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readInventory } from "../../plan/inventory";
import type { Inventory, Value, ValueObject } from "../../plan/types";
import { isObject } from "../../plan/values";

/** What a resource's block in the HCL says, as `terraform show -json` of a plan has it: by argument, an expression or blocks. */
export type Expressions = Readonly<Record<string, unknown>>;

interface ConfiguredModule {
  readonly resources?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly expressions?: Expressions;
    readonly depends_on?: readonly string[];
  }[];
  readonly module_calls?: Readonly<Record<string, { readonly module: ConfiguredModule }>>;
}

/** `terraform show -json` of a plan, as much of it as the comparison needs. */
export interface Shown {
  readonly format_version: string;
  readonly terraform_version: string;
  readonly planned_values: { readonly outputs: Readonly<Record<string, object>>; readonly root_module: unknown };
  readonly configuration: { readonly root_module: ConfiguredModule };
}

/** Terraform's side: what a plan leads to, and which arguments the HCL itself says. */
export interface TerraformSide {
  readonly inventory: Inventory;
  /** By address without instance keys. */
  readonly expressions: ReadonlyMap<string, Expressions>;
  /** What the HCL says must be there first, by address without instance keys. */
  readonly dependsOn: ReadonlyMap<string, readonly string[]>;
}

interface Configured {
  readonly address: string;
  readonly expressions: Expressions;
  readonly dependsOn: readonly string[];
}

function* configured(module: ConfiguredModule, prefix = ""): Generator<Configured> {
  for (const { address, mode, expressions = {}, depends_on = [] } of module.resources ?? []) {
    const dependsOn = depends_on.map((other) => `${prefix}${other}`);
    if (mode === "managed") yield { address: `${prefix}${address}`, expressions, dependsOn };
  }
  for (const [name, call] of Object.entries(module.module_calls ?? {})) {
    yield* configured(call.module, `${prefix}module.${name}.`);
  }
}

/** An output that is known only after an apply is left out: then the program has one that Terraform has not. */
const withKnownOutputs = (shown: Shown): Shown => {
  const known = Object.entries(shown.planned_values.outputs).filter(([, output]) => "value" in output);
  return { ...shown, planned_values: { ...shown.planned_values, outputs: Object.fromEntries(known) } };
};

export const readShown = (text: string, source: string): TerraformSide => {
  const shown = JSON.parse(text) as Shown;
  const all = [...configured(shown.configuration.root_module)];
  return {
    inventory: readInventory(JSON.stringify(withKnownOutputs(shown)), source),
    expressions: new Map(all.map(({ address, expressions }) => [address, expressions])),
    dependsOn: new Map(all.map(({ address, dependsOn }) => [address, dependsOn])),
  };
};

/** Where the committed answers of Terraform lie. */
export const fixturePath = (environment: string): string => join(__dirname, "fixtures", `${environment}.json`);

export const readFixture = (environment: string): TerraformSide => {
  const path = fixturePath(environment);
  return readShown(readFileSync(path, "utf8"), path);
};

const isExpression = (value: unknown): boolean =>
  isObject(value) && ("constant_value" in value || "references" in value);

/** Terraform orders a set of blocks by itself, so what any of the blocks says is looked for in each. */
const together = (blocks: readonly unknown[]): Expressions => Object.assign({}, ...blocks) as Expressions;

const saidOf = (expression: unknown, value: Value | undefined): Value | undefined => {
  if (value === undefined || value === null || isExpression(expression)) return value;
  const blocks = together(Array.isArray(expression) ? expression : [expression]);
  if (Array.isArray(value)) return value.map((item) => (isObject(item) ? said(blocks, item) : item));
  return isObject(value) ? said(blocks, value) : value;
};

/** Of all attributes of a resource those that its HCL says, with the values that they come to. */
export const said = (expressions: Expressions, attributes: ValueObject): ValueObject =>
  Object.fromEntries(
    Object.entries(expressions).flatMap(([name, expression]) => {
      const value = saidOf(expression, attributes[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );
