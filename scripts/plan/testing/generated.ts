import { ids, modules } from "./pipeline";

/** States of any size, with the shapes of the pipeline's: for measuring, not for checking. */
export interface Generated {
  /** `terraform show -json`. */
  readonly show: string;
  /** `terraform state pull`, as far as it is read. */
  readonly pull: string;
  /** The map. */
  readonly map: string;
  /** `pulumi preview --json --show-sames`. */
  readonly preview: string;
}

const KINDS = [
  ["aws_sqs_queue", "aws:sqs/queue:Queue", modules.speech["aws_sqs_queue.failed"]],
  ["aws_iam_role", "aws:iam/role:Role", modules.speech["aws_iam_role.speak"]],
  ["aws_dynamodb_table", "aws:dynamodb/table:Table", modules.storage["aws_dynamodb_table.requests"]],
  ["aws_cloudwatch_log_group", "aws:cloudwatch/logGroup:LogGroup", modules.speech["aws_cloudwatch_log_group.speak"]],
  ["aws_lambda_function", "aws:lambda/function:Function", modules.speech["aws_lambda_function.speak"]],
] as const;

const COMPONENT = "text-to-speech:index:Speech";
const urnOf = (type: string, name: string): string => `urn:pulumi:dev::text-to-speech::${type}::${name}`;

const entry = (index: number) => {
  const [terraformType, type, attributes] = KINDS[index % KINDS.length] ?? KINDS[0];
  const name = `r${index}`;
  const id = `https://sqs.us-east-1.amazonaws.com/${ids.account}/${name}`;
  return { terraformType, type, name, values: { ...attributes, id, name, url: id, function_name: name } };
};

const mapOf = (count: number): string => {
  const rows = Array.from({ length: count }, (_, index) => {
    const { terraformType, type, name } = entry(index);
    return `  - terraform: module.speech[0].${terraformType}.${name}\n    type: ${type}\n    name: ${name}\n    parent: speech\n    wave: speech\n`;
  });
  return `version: 1\nproject: text-to-speech\nwaves: [speech]\ncomponents:\n  speech: ${COMPONENT}\nresources:\n${rows.join("")}`;
};

const stepOf = (urn: string, type: string, custom: boolean, inputs: object) => ({
  op: "create",
  urn,
  newState: { urn, type, custom, inputs },
});

export const generate = (count: number): Generated => {
  const entries = Array.from({ length: count }, (_, index) => entry(index));
  const resources = entries.map(({ terraformType, name, values }) => ({
    address: `module.speech[0].${terraformType}.${name}`,
    mode: "managed",
    type: terraformType,
    name,
    values,
    sensitive_values: { tags: {} },
  }));
  const steps = entries.map(({ type, name, values }) =>
    stepOf(urnOf(`${COMPONENT}$${type}`, name), type, true, values),
  );
  return {
    show: JSON.stringify({
      format_version: "1.0",
      values: { root_module: { child_modules: [{ address: "module.speech[0]", resources }] } },
    }),
    pull: JSON.stringify({ version: 4, serial: 1, lineage: "generated", resources }),
    map: mapOf(count),
    preview: JSON.stringify({
      steps: [stepOf(urnOf(COMPONENT, "speech"), COMPONENT, false, {}), ...steps],
      changeSummary: { create: count + 1 },
    }),
  };
};
