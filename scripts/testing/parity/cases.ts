import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copyTerraform, initialise, planAndShow, terraformIn } from "../terraform";
import { SAMPLE_ZIP } from "./normalise";
import { readShown, type TerraformSide } from "./shown";
import { ROOT } from "./sides";
import { stateEntries, stateFile } from "./state";
import { shownWith, type Variables } from "./variables";

/** The root module once for each case, so that one plan answers for all of them. */
const MAIN = `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
  backend "local" {}
}

provider "aws" {
  region = "us-east-1"
}

variable "cases" {
  type = map(object({
    environment           = string
    name                  = string
    account_id            = string
    region                = string
    timeout               = number
    memory_size           = number
    log_retention_in_days = number
  }))
}

module "case" {
  source   = "./root"
  for_each = var.cases

  environment           = each.value.environment
  name                  = each.value.name
  account_id            = each.value.account_id
  region                = each.value.region
  timeout               = each.value.timeout
  memory_size           = each.value.memory_size
  log_retention_in_days = each.value.log_retention_in_days
}

output "cases" {
  value = module.case
}
`;

interface Module {
  readonly address?: string;
  readonly child_modules?: readonly Module[];
}

interface Shown {
  readonly format_version: string;
  readonly terraform_version: string;
  readonly planned_values: {
    readonly root_module: Module;
    readonly outputs: {
      readonly cases: { readonly value: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
    };
  };
  readonly configuration: {
    readonly root_module: { readonly module_calls: { readonly case: { readonly module: unknown } } };
  };
}

const prefixOf = (key: string): string => `module.case[${JSON.stringify(key)}].`;

/** What the plan says of one case, as if it had been planned alone. */
const sideOf = (shown: Shown, key: string): TerraformSide => {
  const { format_version, terraform_version, planned_values, configuration } = shown;
  const module = planned_values.root_module.child_modules?.find(({ address }) => `${address}.` === prefixOf(key));
  const prefix = JSON.stringify(prefixOf(key)).slice(1, -1);
  const alone = {
    format_version,
    terraform_version,
    planned_values: {
      root_module: JSON.parse(JSON.stringify({ ...module, address: "" }).replaceAll(prefix, "")) as unknown,
      outputs: Object.fromEntries(
        Object.entries(planned_values.outputs.cases.value[key] ?? {}).map(([name, value]) => [name, { value }]),
      ),
    },
    configuration: { root_module: configuration.root_module.module_calls.case.module },
  };
  return readShown(JSON.stringify(alone), `the plan of case ${key}`);
};

/** Plans many sets of variables at once with the real Terraform, over states in which every value is known. */
export const planCases = async (
  cases: readonly Variables[],
  endpoint: string,
  folder: string,
): Promise<readonly TerraformSide[]> => {
  const region = "us-east-1";
  const options = { from: ROOT, to: join(folder, "cases"), handlerZip: SAMPLE_ZIP, endpoint, region };
  const copy = await copyTerraform({ ...options, dataFolder: join(folder, "cases", "data") });
  const hcl = join(copy.folder, "legacy-terraform");
  const wrapper = join(copy.folder, "wrapper");
  await mkdir(wrapper);
  await cp(join(hcl, ".terraform.lock.hcl"), join(wrapper, ".terraform.lock.hcl"));
  await cp(hcl, join(wrapper, "root"), { recursive: true });
  for (const file of ["providers.tf", "backend.tf", "override.tf"]) await rm(join(wrapper, "root", file));
  const named = cases.map((variables, index) => [`case ${index}`, variables] as const);
  const entries = named.flatMap(([key, variables]) => stateEntries(shownWith(variables), prefixOf(key)));
  await writeFile(join(wrapper, "main.tf"), MAIN);
  await writeFile(join(wrapper, "cases.auto.tfvars.json"), JSON.stringify({ cases: Object.fromEntries(named) }));
  await writeFile(join(wrapper, "terraform.tfstate"), stateFile(entries));
  const there = terraformIn(copy, "wrapper");
  await initialise(there);
  const shown = JSON.parse(await planAndShow(there, "-refresh=false")) as Shown;
  return named.map(([key]) => sideOf(shown, key));
};
