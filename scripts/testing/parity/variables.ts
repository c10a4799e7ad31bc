import { readFileSync } from "node:fs";
import fc from "fast-check";
import type { Settings } from "../../../pulumi/config";
import { MODULES } from "../../../pulumi/modules";
import type { TerraformSide } from "./shown";
import { fixturePath, readShown } from "./shown";

/** Everything that may differ between deployments, under Terraform's names. */
export interface Variables {
  readonly environment: "dev" | "prod";
  readonly name: string;
  readonly account_id: string;
  readonly region: string;
  readonly timeout: number;
  readonly memory_size: number;
  readonly log_retention_in_days: number;
}

const LOG_RETENTION = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const REGIONS = ["us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2", "sa-east-1", "us-gov-west-1"];

/** Any variables that both sides accept. */
export const anyVariables: fc.Arbitrary<Variables> = fc.record({
  environment: fc.constantFrom("dev", "prod"),
  name: fc.stringMatching(/^[a-z][a-z0-9-]{1,35}[a-z0-9]$/),
  account_id: fc.stringMatching(/^[0-9]{12}$/),
  region: fc.constantFrom(...REGIONS),
  timeout: fc.integer({ min: 30, max: 900 }),
  memory_size: fc.integer({ min: 128, max: 10_240 }),
  log_retention_in_days: fc.constantFrom(...LOG_RETENTION),
});

export const settingsOf = (variables: Variables): Settings => ({
  environment: variables.environment,
  name: variables.name,
  region: variables.region,
  owns: MODULES,
  handlerZip: "../handler/dist/handler.zip",
  timeout: variables.timeout,
  memorySize: variables.memory_size,
  logRetentionInDays: variables.log_retention_in_days,
});

/** What the fixture of dev was made with. */
const RECORDED = { name: "ttsslsguru", account_id: "111111111111", region: "us-east-1" };

/** All texts at once, so that what was put in is not taken for something to replace. */
const substitute = (text: string, variables: Variables): string =>
  text.replaceAll(new RegExp(Object.values(RECORDED).join("|"), "g"), (found) => {
    if (found === RECORDED.name) return variables.name;
    return found === RECORDED.region ? variables.region : variables.account_id;
  });

/** Arguments that hold one of the variables and nothing else. */
const setNumbers = (text: string, variables: Variables): string =>
  text
    .replaceAll(/"timeout": \d+/g, `"timeout": ${variables.timeout}`)
    .replaceAll(/"memory_size": \d+/g, `"memory_size": ${variables.memory_size}`)
    .replaceAll(/"retention_in_days": \d+/g, `"retention_in_days": ${variables.log_retention_in_days}`)
    .replaceAll(/"(ENVIRONMENT|Environment)": "dev"/g, `"$1": "${variables.environment}"`);

/**
 * What Terraform would show after an apply with other variables: the recorded answer for dev with them put in. That the
 * real Terraform shows the same is tested with it; this costs no Terraform.
 */
export const shownWith = (variables: Variables): string =>
  setNumbers(substitute(readFileSync(fixturePath("dev"), "utf8"), variables), variables);

export const terraformWith = (variables: Variables): TerraformSide =>
  readShown(shownWith(variables), `the answer of Terraform for ${JSON.stringify(variables)}`);
