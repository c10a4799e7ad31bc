import { createHash } from "node:crypto";
import { strToU8, zipSync } from "fflate";
import type { Shown } from "./shown";

/** Stands for the handler's archive wherever it need not be the real one. A zip holds local time without a zone. */
export const SAMPLE_ZIP = zipSync(
  { "index.js": strToU8("exports.handler = async () => ({ batchItemFailures: [] });\n") },
  { level: 0, mtime: new Date(1980, 0, 1) },
);
const SAMPLE_HASH = createHash("sha256").update(SAMPLE_ZIP).digest("base64");

/** What a cloud makes up anew each time, by resource type and attribute, and what the fixture has in its place. */
const MADE_UP: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  aws_dynamodb_table: { stream_label: "2026-01-01T00:00:00.000" },
  aws_cloudfront_distribution: {
    id: "E1EXAMPLE0AUDIO",
    domain_name: "d111111abcdef8.cloudfront.net",
    etag: "E2EXAMPLE0ETAG",
    caller_reference: "terraform-20260101000000000000000001",
    last_modified_time: "2026-01-01 00:00:00 +0000 UTC",
  },
  aws_cloudfront_origin_access_control: { id: "E3EXAMPLE0ACCESS", etag: "E4EXAMPLE0ETAG" },
  aws_iam_role: { unique_id: "AROAEXAMPLE", create_date: "2026-01-01T00:00:00Z" },
  aws_lambda_event_source_mapping: {
    uuid: "00000000-0000-4000-8000-000000000001",
    last_modified: "2026-01-01T00:00:01Z",
  },
  aws_lambda_function: {
    last_modified: "2026-01-01T00:00:02.000+0000",
    source_code_hash: SAMPLE_HASH,
    code_sha256: SAMPLE_HASH,
    source_code_size: SAMPLE_ZIP.length,
  },
};

interface Module {
  readonly resources?: readonly { readonly type: string; readonly values: Readonly<Record<string, unknown>> }[];
  readonly child_modules?: readonly Module[];
}

function* resourcesOf(module: Module): Generator<{ type: string; values: Readonly<Record<string, unknown>> }> {
  yield* module.resources ?? [];
  for (const child of module.child_modules ?? []) yield* resourcesOf(child);
}

/** Found text and its replacement; the longest first, so that no part of another is replaced before it. */
const replacements = (root: Module): (readonly [string, string])[] => {
  const found = new Map<string, string>();
  for (const { type, values } of resourcesOf(root)) {
    for (const [name, stand] of Object.entries(MADE_UP[type] ?? {})) {
      const value = values[name];
      if (typeof value === "string" && value !== "") found.set(JSON.stringify(value).slice(1, -1), String(stand));
      if (typeof value === "number") found.set(`"${name}":${value}`, `"${name}":${stand}`);
    }
  }
  return [...found].sort(([a], [b]) => b.length - a.length);
};

/** The emulator's queues have its own address; AWS's have the region's. */
const withAwsQueues = (text: string, region: string): string =>
  text.replaceAll(/http:\/\/127\.0\.0\.1:\d+\/(?=\d{12}\/)/g, `https://sqs.${region}.amazonaws.com/`);

const configurationOf = (module: unknown): unknown => {
  const { resources = [], module_calls = {} } = module as {
    resources?: { address: string; mode: string; expressions?: unknown; depends_on?: unknown }[];
    module_calls?: Record<string, { module: unknown }>;
  };
  return {
    resources: resources.map(({ address, mode, expressions = {}, depends_on = [] }) => ({
      address,
      mode,
      expressions,
      depends_on,
    })),
    module_calls: Object.fromEntries(
      Object.entries(module_calls).map(([name, call]) => [name, { module: configurationOf(call.module) }]),
    ),
  };
};

/**
 * `terraform show -json` of a plan reduced to what it leads to and what the HCL says, with stable stand-ins for
 * everything that another apply would name differently. Two applies of the same HCL give the same text.
 */
export const normalise = (shown: string, region: string): string => {
  const { format_version, terraform_version, planned_values, configuration } = JSON.parse(shown) as Shown;
  const reduced = {
    format_version,
    terraform_version,
    planned_values,
    configuration: { root_module: configurationOf(configuration.root_module) },
  };
  const made = replacements(planned_values.root_module as Module);
  const text = made.reduce((all, [from, to]) => all.replaceAll(from, to), JSON.stringify(reduced));
  return `${JSON.stringify(JSON.parse(withAwsQueues(text, region)), null, 2)}\n`;
};
