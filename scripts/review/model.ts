import { posix } from "node:path";
import { withoutKeys } from "../plan/address";
import type { ComparisonRow, OwnedResource, PlanDocument, Verdict } from "../plan/types";
import { type Configuration, readConfiguration } from "./sources/terraform";
import type { SourceFile, SourceRange } from "./sources/types";
import { constructorOfToken, type ProgramResource, programResources } from "./sources/typescript";
import type { Counts, GraphEdge, ReviewInput, ReviewModel, ReviewModule, ReviewResource, TimelineStage } from "./types";
import { journalRuns, nextSentence, stageSentence, stateSentence, verdictOf } from "./words";

const ORDER: readonly Verdict[] = ["different", "never-returned", "equal-by-meaning", "equal"];

const byVerdict = (a: ComparisonRow, b: ComparisonRow): number => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict);

export const countRows = (rows: readonly ComparisonRow[]): Counts => {
  const counts = { equal: 0, "equal-by-meaning": 0, "never-returned": 0, different: 0 };
  for (const { verdict } of rows) counts[verdict] += 1;
  return counts;
};

/** Fit for a fragment, and two addresses never share one: what is replaced is spelled out in hex. */
export const anchorOf = (address: string): string =>
  `r-${address.replace(/[^A-Za-z0-9._-]/gu, (character) => `~${(character.codePointAt(0) ?? 0).toString(16)}~`)}`;

const groupRows = (rows: readonly ComparisonRow[]): Map<string, ComparisonRow[]> => {
  const groups = new Map<string, ComparisonRow[]>();
  for (const row of rows) {
    const group = groups.get(row.address);
    if (group) group.push(row);
    else groups.set(row.address, [row]);
  }
  return groups;
};

interface Sources {
  readonly configuration: Configuration;
  readonly program: ReadonlyMap<string, ProgramResource>;
}

const programKey = (component: string, constructorName: string, name: string): string =>
  [component, constructorName, name].join("\n");

const readSources = ({ terraform, pulumi }: ReviewInput): Sources => ({
  configuration: readConfiguration(terraform, "legacy-terraform"),
  program: new Map(
    programResources(pulumi).map((resource) => [
      programKey(resource.component, resource.constructorName, resource.name),
      resource,
    ]),
  ),
});

const importIds = (plan: PlanDocument | undefined): Map<string, string> =>
  new Map(plan?.resources.map(({ address, importId }) => [address, importId]));

const resourceReader = (input: ReviewInput, { configuration, program }: Sources) => {
  const rows = groupRows(input.rows);
  const ids = importIds(input.plan);
  const mapped = new Map(input.map.resources.map((resource) => [resource.address, resource]));
  return (owned: OwnedResource): ReviewResource => {
    const { name = "", parent } = mapped.get(owned.address) ?? {};
    const ours = [...(rows.get(owned.address) ?? [])].sort(byVerdict);
    const made = program.get(programKey(parent?.type ?? "", constructorOfToken(owned.type), name));
    return {
      ...owned,
      anchor: anchorOf(owned.address),
      name,
      importId: ids.get(owned.address) ?? "",
      terraform: configuration.partsOf(owned.address),
      pulumi: made ? [made.range, ...made.related] : [],
      rows: ours,
      waiting: input.waiting[owned.address] ?? 0,
      counts: countRows(ours),
    };
  };
};

/** The lines of a file that no range covers, as ranges; empty lines at the edges are left out. */
const uncovered = (file: SourceFile, ranges: readonly SourceRange[]): SourceRange[] => {
  const lines = file.text.split("\n");
  const covered = new Set<number>();
  for (const { path, from, to } of ranges) {
    if (path === file.path) for (let line = from; line <= to; line += 1) covered.add(line);
  }
  const rest: SourceRange[] = [];
  for (let from = 1; from <= lines.length; from += 1) {
    if (covered.has(from) || lines[from - 1]?.trim() === "") continue;
    let to = from;
    for (let next = from; next <= lines.length && !covered.has(next); next += 1) if (lines[next - 1]?.trim()) to = next;
    rest.push({ path: file.path, from, to });
    from = to;
  }
  return rest;
};

/** Files of the module that a reviewer has not seen beside a resource, with their remaining lines. */
const restOf = (
  input: ReviewInput,
  wave: string,
  folder: string,
  shown: readonly ReviewResource[],
): ReviewModule["rest"] => {
  const terraform = shown.flatMap((resource) => resource.terraform);
  const pulumi = shown.flatMap((resource) => resource.pulumi);
  const homes = new Set([...pulumi.map(({ path }) => path), `pulumi/${wave}.ts`]);
  return {
    terraform: input.terraform
      .filter(({ path }) => posix.dirname(path) === folder)
      .flatMap((file) => uncovered(file, terraform)),
    pulumi: input.pulumi.filter(({ path }) => homes.has(path)).flatMap((file) => uncovered(file, pulumi)),
  };
};

const moduleReader = (input: ReviewInput, sources: Sources) => {
  const read = resourceReader(input, sources);
  const byWave = new Map<string, OwnedResource[]>(input.waves.map((wave) => [wave, []]));
  for (const resource of input.ownership.resources) byWave.get(resource.wave)?.push(resource);
  return (wave: string): ReviewModule => {
    const resources = (byWave.get(wave) ?? []).map(read);
    const state = input.ownership.waves.find((each) => each.wave === wave)?.state ?? "terraform";
    const folder = sources.configuration.folderOf(resources[0]?.address ?? "");
    return {
      wave,
      state,
      sentence: stateSentence(state),
      counts: countRows(resources.flatMap(({ rows }) => rows)),
      resources,
      rest: restOf(input, wave, folder, resources),
    };
  };
};

/**
 * What each resource names, as arrows in the direction in which data flows. Read from the configuration and not from
 * a state: a state lists everything that comes before a resource, also what it never names, and at a stage in
 * between no state knows both ends.
 */
const edgesOf = (resources: readonly ReviewResource[], { configuration }: Sources): GraphEdge[] => {
  const anchors = new Map<string, string[]>();
  for (const { address, anchor } of resources) {
    const key = withoutKeys(address);
    anchors.set(key, [...(anchors.get(key) ?? []), anchor]);
  }
  return resources.flatMap(({ address, anchor }) =>
    configuration
      .referencesOf(address)
      .flatMap((name) => (anchors.get(name) ?? []).map((from) => ({ from, to: anchor }))),
  );
};

const timelineOf = ({ map, ownership, journal }: ReviewInput): TimelineStage[] => {
  const reachedBy = (wave: string | undefined): string =>
    journal.records
      .filter(
        ({ command, event, waves }) =>
          command === "cutover" && event === "finish" && wave !== undefined && waves.includes(wave),
      )
      .at(-1)?.time ?? "";
  return ["", ...map.waves].map((wave, stage) => ({
    name: wave ? `after ${wave}` : "before",
    owners: map.waves.map((each, index) => ({ wave: each, owner: index < stage ? "pulumi" : "terraform" })),
    current: stage === ownership.stage,
    reached: stage <= ownership.stage ? reachedBy(wave || undefined) : "",
  }));
};

const hashesOf = ({ plan, map }: ReviewInput): ReviewModel["hashes"] => {
  if (!plan) return [{ name: "map", value: map.sha256 }];
  const { terraform, pulumi, program, handler } = plan.sources;
  return [
    { name: "plan document", value: plan.sha256 },
    { name: `Terraform state (serial ${terraform.serial})`, value: terraform.sha256 },
    { name: "Pulumi state", value: pulumi.sha256 },
    { name: "map", value: plan.sources.map.sha256 },
    { name: "Pulumi program", value: program.sha256 },
    { name: "handler archive", value: handler.sha256 },
  ];
};

const SAFEGUARDS: readonly string[] = [
  "Moving a module creates and deletes nothing in AWS, and changes nothing but the listed attributes that AWS never returns: they are written once more as they are.",
  "Adopt and cutover take the plan document with the hashes on this page and refuse when anything moved since.",
  "Both states are backed up, and the backups checked, before anything is written; the journal survives a kill.",
  "At every moment exactly one tool may write each resource, and each resource has an owner.",
  "Rollback gives a module back to Terraform at any time until its configuration is deleted.",
];

/** Everything that a review says, from everything that was gathered. Pure. */
export const buildReview = (input: ReviewInput): ReviewModel => {
  const sources = readSources(input);
  const modules = input.waves.map(moduleReader(input, sources));
  const resources = modules.flatMap((module) => module.resources);
  const outputs = input.rows.filter(({ address }) => address === "").sort(byVerdict);
  const shown = [...resources.flatMap(({ rows }) => rows), ...outputs];
  const counts = countRows(shown);
  const differing = [
    ...new Set(shown.filter(({ verdict }) => verdict === "different").map((row) => row.address || "the outputs")),
  ];
  const verdict = verdictOf(input, counts, resources.length, differing);
  return {
    version: 1,
    project: input.project,
    environment: input.environment,
    account: input.account,
    region: input.region,
    commit: input.commit,
    made: input.made,
    waves: input.waves,
    stage: {
      reached: input.ownership.stage,
      of: input.ownership.waves.length,
      sentence: stageSentence(input.ownership),
    },
    verdict,
    next: { sentence: nextSentence(input.ownership, verdict.tone), command: input.ownership.next },
    safeguards: SAFEGUARDS,
    hashes: hashesOf(input),
    counts,
    problems: input.ownership.problems,
    modules,
    outputs,
    graph: edgesOf(resources, sources),
    timeline: timelineOf(input),
    traffic: input.rehearsal?.stages ?? [],
    ...(input.rehearsal ? { rehearsal: input.rehearsal } : {}),
    trials: input.trials,
    journal: { damage: input.journal.damage, runs: journalRuns(input.journal) },
    files: [...input.terraform, ...input.pulumi],
  };
};
