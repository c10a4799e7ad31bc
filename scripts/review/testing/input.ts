import { posix } from "node:path";
import type { JournalEvent, JournalRecord } from "../../lib/journal";
import type { ComparisonRow, MappedResource, OwnershipSnapshot, PlanDocument, WaveState } from "../../plan/types";
import { readRehearsalReport } from "../rehearsal-report";
import { type HclBlock, hclAttributes, hclBlocks } from "../sources/hcl";
import type { SourceFile } from "../sources/types";
import { type ProgramResource, programResources } from "../sources/typescript";
import type { ReviewInput } from "../types";
import { realSources } from "./sources";

/**
 * Inputs of reviews for tests: the sources are real, or generated; states, journal and rehearsal are made up, in the
 * shapes that the real ones have. Nothing in here is used outside of tests.
 */
export interface Fabrication {
  readonly sources?: { readonly terraform: readonly SourceFile[]; readonly pulumi: readonly SourceFile[] };
  readonly waves?: readonly string[];
  /** Number of waves that Pulumi owns. */
  readonly stage?: number;
  /** Rows of equal attributes to add to each resource. */
  readonly padding?: number;
  readonly rows?: readonly ComparisonRow[];
}

const camel = (name: string): string => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const tokenOf = (constructorName: string): string => {
  const [pkg = "", module = "", type = ""] = constructorName.split(".");
  return `${pkg}:${module}/${type[0]?.toLowerCase()}${type.slice(1)}:${type}`;
};

const mapped = (block: HclBlock, made: readonly ProgramResource[]): MappedResource[] => {
  const wave = posix.basename(posix.dirname(block.path));
  const [terraformType = "", label = ""] = block.labels;
  const last = terraformType
    .split("_")
    .slice(2)
    .map((word) => word[0]?.toUpperCase() + word.slice(1));
  const type = `${wave[0]?.toUpperCase()}${wave.slice(1)}`;
  const component = `text-to-speech:index:${type}`;
  const found = made.find(
    ({ component: home, constructorName, name }) =>
      home === component &&
      name === label &&
      constructorName.split(".").at(-1)?.replace(/V2$/, "") ===
        (last.join("") || terraformType.split("_")[1]?.replace(/^./, (x) => x.toUpperCase())),
  );
  if (!found) return [];
  return [
    {
      address: `module.${wave}[0].${terraformType}.${label}`,
      terraformType,
      type: tokenOf(found.constructorName),
      name: label,
      parent: { type: component, name: wave },
      wave,
      line: 1,
    },
  ];
};

const urnOf = ({ parent, type, name }: MappedResource): string =>
  `urn:pulumi:dev::text-to-speech::${parent.type}$${type}::${name}`;

const literal = (text: string): string =>
  text.replace(/\$\{var\.name\}|var\.name/g, "ttsslsguru").replace(/^"|"$/g, "");

const POLICY =
  '{"Version":"2012-10-17","Statement":[{"Sid":"Speak","Effect":"Allow","Action":"polly:SynthesizeSpeech","Resource":"*"}]}';

/** Rows for what the block says, as the comparison would give them. */
const rowsOf = (block: HclBlock, resource: MappedResource, padding: number): ComparisonRow[] => {
  const both = { address: resource.address, urn: urnOf(resource) };
  const said = hclAttributes(block.body).filter(({ name }) => !["depends_on", "count"].includes(name));
  const rows = said.map(({ name, text }): ComparisonRow => {
    const names = { ...both, terraformName: name, pulumiName: camel(name) };
    if (name.endsWith("policy")) {
      const pulumiValue = POLICY.replace('"polly:SynthesizeSpeech"', '["polly:SynthesizeSpeech"]');
      return {
        ...names,
        terraformValue: POLICY,
        pulumiValue,
        verdict: "equal-by-meaning",
        reason: "both documents decide every request alike",
      };
    }
    if (name === "filename") {
      return {
        ...names,
        pulumiName: "code",
        terraformValue: literal(text),
        verdict: "never-returned",
        reason: "AWS never returns the archive; the hash of the live code equals the archive's",
      };
    }
    return { ...names, terraformValue: literal(text), pulumiValue: literal(text), verdict: "equal", reason: "" };
  });
  const more = Array.from(
    { length: padding },
    (_, index): ComparisonRow => ({
      ...both,
      terraformName: `computed_attribute_${index}`,
      pulumiName: `computedAttribute${index}`,
      terraformValue: `arn:aws:sns:us-east-1:111111111111:value-${index}`,
      pulumiValue: `arn:aws:sns:us-east-1:111111111111:value-${index}`,
      verdict: "equal",
      reason: "",
    }),
  );
  return [...rows, ...more];
};

const ownership = (
  resources: readonly MappedResource[],
  waves: readonly string[],
  stage: number,
): OwnershipSnapshot => {
  const stateOf = (wave: string): WaveState => {
    const index = waves.indexOf(wave);
    return index < stage ? "pulumi" : index === stage && stage > 0 ? "adopting" : "terraform";
  };
  return {
    version: 1,
    environment: "dev",
    stage,
    waves: waves.map((wave, index) => ({
      wave,
      state: stateOf(wave),
      released: index < stage,
      owned: stateOf(wave) !== "terraform",
      resources: resources.filter((resource) => resource.wave === wave).length,
    })),
    resources: resources.map((resource) => {
      const state = stateOf(resource.wave);
      return {
        address: resource.address,
        urn: urnOf(resource),
        terraformType: resource.terraformType,
        type: resource.type,
        id: `ttsslsguru-${resource.name}`,
        wave: resource.wave,
        owner: state === "adopting" ? "both" : state === "pulumi" ? "pulumi" : "terraform",
        writer: state === "pulumi" ? "pulumi" : "terraform",
      };
    }),
    problems: [],
    next: stage < waves.length ? `npm run migrate -- cutover --environment dev --wave ${waves[stage]}` : "",
  };
};

const planOf = (resources: readonly MappedResource[], waves: readonly string[]): PlanDocument => {
  const hash = (digit: string): string => digit.repeat(64);
  return {
    version: 1,
    sha256: "9f2c41d07be5a86310d94f7c2be1580aa6c3e7d21f04b95863c1de70aa54f8b2",
    created: "2026-11-23T13:40:11.000Z",
    project: "text-to-speech",
    environment: "dev",
    waves,
    account: "111111111111",
    region: "us-east-1",
    sources: {
      terraform: { version: 4, lineage: "5d3f0f0e-6f3a-4d58-9b0e-7f2f3a1c9e11", serial: 12, sha256: hash("a") },
      pulumi: { sha256: hash("b") },
      map: { sha256: hash("c") },
      program: { sha256: hash("d") },
      handler: { sha256: hash("e") },
      gitCommit: "4f1c0de4f1c0de4f1c0de4f1c0de4f1c0de4f1c0",
    },
    components: [],
    resources: resources.map((resource) => ({
      ...resource,
      urn: urnOf(resource),
      parent: `urn:pulumi:dev::text-to-speech::${resource.parent.type}::${resource.parent.name}`,
      importId: `ttsslsguru-${resource.name}`,
    })),
  };
};

const record = (
  seq: number,
  run: string,
  command: string,
  wave: string,
  event: JournalEvent,
  step?: string,
): JournalRecord => ({
  seq,
  time: new Date(Date.UTC(2026, 10, 23, 13, 41, seq * 7)).toISOString(),
  run,
  command,
  waves: [wave],
  event,
  ...(step ? { step } : {}),
  prev: "",
  hash: "",
});

const STORY: readonly (readonly [run: string, command: string, wave: string, event: JournalEvent, step?: string])[] = [
  ["1", "plan", "delivery", "planned"],
  ["2", "adopt", "delivery", "start"],
  ["2", "adopt", "delivery", "begin", "backup"],
  ["2", "adopt", "delivery", "end", "backup"],
  ["2", "adopt", "delivery", "begin", "import"],
  ["2", "adopt", "delivery", "end", "import"],
  ["2", "adopt", "delivery", "finish"],
  ["3", "cutover", "delivery", "start"],
  ["3", "cutover", "delivery", "begin", "state-rm"],
  ["3", "cutover", "delivery", "end", "state-rm"],
  ["3", "cutover", "delivery", "finish"],
  ["4", "adopt", "speech", "start"],
  ["4", "adopt", "speech", "begin", "import"],
];

const journal = (): JournalRecord[] => STORY.map((entry, seq) => record(seq, ...entry));

const STAGES = ["delivery", "speech", "storage", "roll back storage", "storage again"];

const rehearsal = () =>
  readRehearsalReport({
    version: 2,
    result: "equal",
    steps: [{ name: "terraform apply", seconds: 61.2, ok: true }],
    requests: { sent: 412, spoken: 412, lost: 0, p50Ms: 412, p99Ms: 1320 },
    stages: STAGES.map((name, index) => ({
      name,
      sent: 80 + index,
      spoken: 80 + index,
      lost: 0,
      p50Ms: 400 + index * 22,
      p99Ms: 900 + index * 140,
      before: { sent: 20, p50Ms: 390 + index * 9, p99Ms: 880 + index * 35 },
      during: { sent: 40, p50Ms: 430 + index * 30, p99Ms: 980 + index * 150 },
      after: { sent: 20 + index, p50Ms: 395 + index * 4, p99Ms: 860 + index * 12 },
    })),
    versions: { terraform: "1.11.4", pulumi: "3.259.0", awsPlugin: "bridged" },
  });

/** A whole input. By default: this repository's sources, delivery moved, speech adopted. */
export const fabricate = (options: Fabrication = {}): ReviewInput => {
  const sources = options.sources ?? realSources();
  const made = programResources(sources.pulumi);
  const pairs = sources.terraform
    .flatMap(hclBlocks)
    .filter(({ kind }) => kind === "resource")
    .flatMap((block) => mapped(block, made).map((resource) => ({ block, resource })));
  const resources = pairs.map(({ resource }) => resource);
  const waves = options.waves ?? ["delivery", "speech", "storage"];
  const report = rehearsal();
  return {
    project: "text-to-speech",
    environment: "dev",
    account: "111111111111",
    region: "us-east-1",
    commit: "4f1c0de4f1c0de4f1c0de4f1c0de4f1c0de4f1c0",
    made: "2026-11-23T13:45:02.000Z",
    waves,
    plan: planOf(resources, waves),
    map: {
      version: 1,
      waves,
      components: [],
      resources,
      skipped: [],
      sha256: "c".repeat(64),
    } as unknown as ReviewInput["map"],
    ownership: ownership(resources, waves, options.stage ?? 1),
    rows: [
      ...pairs.flatMap(({ block, resource }) => rowsOf(block, resource, options.padding ?? 3)),
      ...(options.rows ?? []),
    ],
    waiting: {},
    ...sources,
    journal: { records: journal(), tornBytes: 0, damage: "" },
    ...(report ? { rehearsal: report } : {}),
    trials: [
      {
        kind: "fault",
        name: "kill -9 while pulumi import runs",
        ok: true,
        outcome: "the same command again imported the rest",
      },
      {
        kind: "mutation",
        name: "timeout 30 → 31 in legacy-terraform/variables.tf",
        ok: true,
        outcome: "noticed by verify",
      },
    ],
  };
};
