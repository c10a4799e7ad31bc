interface Module {
  readonly address?: string;
  readonly resources?: readonly {
    readonly type: string;
    readonly name: string;
    readonly provider_name: string;
    readonly schema_version: number;
    readonly values: unknown;
  }[];
  readonly child_modules?: readonly Module[];
}

function* modulesIn(module: Module): Generator<Module> {
  yield module;
  for (const child of module.child_modules ?? []) yield* modulesIn(child);
}

/** The entries of a state file for everything that `terraform show -json` shows. @param prefix e.g. `module.case["a"].` */
export const stateEntries = (shown: string, prefix = ""): unknown[] => {
  const { planned_values } = JSON.parse(shown) as { planned_values: { root_module: Module } };
  return [...modulesIn(planned_values.root_module)].flatMap(({ address = "", resources = [] }) =>
    resources.map(({ type, name, provider_name, schema_version, values }) => ({
      module: `${prefix}${address}`,
      mode: "managed",
      type,
      name,
      provider: `provider["${provider_name}"]`,
      instances: [{ schema_version, attributes: values, sensitive_attributes: [] }],
    })),
  );
};

/** A state file, as an apply would have left it: lets Terraform plan with every value known and without reading AWS. */
export const stateFile = (entries: readonly unknown[]): string =>
  JSON.stringify({
    version: 4,
    terraform_version: "1.10.0",
    serial: 1,
    lineage: "00000000-0000-4000-8000-000000000000",
    outputs: {},
    resources: entries,
  });
