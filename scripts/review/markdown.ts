import { sha256 } from "../lib/files";
import type { ComparisonRow, Json, Verdict } from "../plan/types";
import { readable } from "./html/values";
import { OWNER_WORDS } from "./owners";
import type { Counts, ReviewModel, ReviewModule } from "./types";
import { visible } from "./visible";
import { plural } from "./words";

/** GitHub refuses a longer comment. */
export const COMMENT_LIMIT = 65_535;
/** Longest value in a cell; the page shows the rest. */
const LONGEST_VALUE = 160;

/**
 * Stands first in the comment, unseen, so that the next run finds and updates it: one per project and environment.
 * Names that are no plain words are told apart by their hash.
 */
export const markerOf = ({ project, environment }: Pick<ReviewModel, "project" | "environment">): string => {
  const names = [project, environment].map((name) => (/^[\w-]+$/.test(name) ? name : sha256(name).slice(0, 16)));
  return `<!-- review of ${names.join(" ")} -->`;
};

const MARKUP = /[\\`*_[\]<>|#~&]/g;

const entities = (text: string): string =>
  visible(text, { oneLine: true }).replace(MARKUP, (mark) => `&#${mark.charCodeAt(0)};`);

const cut = (text: string): string => {
  const characters = [...text.slice(0, LONGEST_VALUE * 2)];
  return characters.length > LONGEST_VALUE ? `${characters.slice(0, LONGEST_VALUE).join("")}…` : text;
};

/**
 * Any text as code. A code element and not backticks: within it every mark can be an entity, also the pipe and the
 * backslash, which in a table end even a code span. No name in it notifies anyone.
 */
export const code = (text: string): string => (text === "" ? "*empty*" : `<code>${entities(cut(text))}</code>`);

/** Prose that may quote names. GitHub looks for @names after it has resolved entities; a joiner parts them. */
const prose = (text: string): string => entities(text).replaceAll("@", "@\u2060").replaceAll("://", "&#58;//");

const shown = (value: Json | undefined): string =>
  value === undefined ? "*not said*" : code(typeof value === "string" ? value : readable(value).replace(/\s+/g, " "));

const countsOf = (counts: Counts): string =>
  `${counts.different} different · ${counts["never-returned"]} never returned · ${counts["equal-by-meaning"]} equal by meaning · ${counts.equal} equal`;

const rowOf = (row: ComparisonRow): string =>
  `| ${code(row.address || "output")} | ${code(row.terraformName)} | ${shown(row.terraformValue)} | ${shown(row.pulumiValue)} | ${prose(row.reason)} |`;

const TITLES: Readonly<Record<Exclude<Verdict, "equal">, string>> = {
  different: "≠ Different",
  "never-returned": "∅ Never returned by AWS",
  "equal-by-meaning": "≈ Equal by meaning",
};

/** Blocks of a comment. A table may be cut after any row; everything else is kept whole or left out. */
interface Block {
  readonly before: string;
  readonly lines: readonly string[];
  readonly after: string;
}

const block = (text: string): Block => ({ before: text, lines: [], after: "" });

const verdictBlock = (rows: readonly ComparisonRow[], verdict: Exclude<Verdict, "equal">): Block[] => {
  const chosen = rows.filter((row) => row.verdict === verdict);
  if (chosen.length === 0) return [];
  const open = verdict === "different" ? " open" : "";
  return [
    {
      before: `<details${open}><summary>${TITLES[verdict]} (${chosen.length})</summary>\n\n| resource | attribute | Terraform | Pulumi | why |\n|---|---|---|---|---|\n`,
      lines: chosen.map((row) => `${rowOf(row)}\n`),
      after: "\n</details>\n\n",
    },
  ];
};

const moduleLine = (module: ReviewModule): string =>
  `| ${code(module.wave)} | ${prose(module.sentence)} | ${module.resources.length} | ${countsOf(module.counts)} |\n`;

const resourceBlock = ({ modules }: ReviewModel): Block => ({
  before: "<details><summary>Resources</summary>\n\n| Terraform | Pulumi | owner | id |\n|---|---|---|---|\n",
  lines: modules.flatMap(({ resources }) =>
    resources.map(
      ({ address, type, name, owner, id }) =>
        `| ${code(address)} | ${code(`${type} ${name}`)} | ${OWNER_WORDS[owner]} | ${id ? code(id) : ""} |\n`,
    ),
  ),
  after: "\n</details>\n\n",
});

const trafficBlock = ({ traffic }: ReviewModel): Block[] => {
  if (traffic.length === 0) return [];
  const lines = traffic.map(
    ({ name, sent, spoken, lost, p50Ms, p99Ms }) =>
      `| ${code(name)} | ${sent} | ${spoken} | ${lost} | ${Math.round(p50Ms ?? 0)} ms | ${Math.round(p99Ms ?? 0)} ms |\n`,
  );
  const before =
    "<details><summary>Requests during the rehearsal</summary>\n\n| stage | sent | spoken | lost | p50 | p99 |\n|---|---|---|---|---|---|\n";
  return [{ before, lines, after: "\n</details>\n\n" }];
};

const head = (model: ReviewModel): string => {
  const { environment, account, region, stage, verdict, next, commit, hashes } = model;
  const command = next.command ? `\n\n<pre>${entities(next.command)}</pre>` : "";
  const problems = model.problems.map(({ message, fix }) => `- **${prose(message)}** ${prose(fix)}\n`).join("");
  return `${markerOf(model)}
### ${{ good: "✓", look: "?", stop: "✕" }[verdict.tone]} ${code(environment)}: ${prose(verdict.sentence)}

${countsOf(model.counts)}

Account ${code(account)} · region ${code(region)} · ${prose(stage.sentence)}${commit ? ` · commit ${code(commit.slice(0, 12))}` : ""} · ${prose(hashes[0]?.name ?? "")} ${code((hashes[0]?.value ?? "").slice(0, 16))}

${problems}${problems && "\n"}${prose(next.sentence)}${command}

| module | where it stands | resources | attributes |
|---|---|---|---|
${model.modules.map(moduleLine).join("")}
`;
};

const LEFT_OUT = (count: number): string => `\n*${plural(count, "more row")} in the page and in the JSON.*\n`;
/** Room for the sentence that says what was left out. */
const RESERVE = 80;

/** Adds blocks in order of weight for as long as they fit. */
const fill = (blocks: readonly Block[], limit: number): string => {
  let text = "";
  for (const { before, lines, after } of blocks) {
    let room = limit - text.length - before.length - after.length - RESERVE;
    if (room < (lines[0]?.length ?? 0)) continue;
    let kept = 0;
    for (const line of lines) {
      if (line.length > room) break;
      room -= line.length;
      kept += 1;
    }
    const left = lines.length - kept;
    text += before + lines.slice(0, kept).join("") + (left > 0 ? LEFT_OUT(left) : "") + after;
  }
  return text;
};

/** The review as a comment for a pull request. Never longer than GitHub takes: least important rows go first. */
export const renderMarkdown = (model: ReviewModel, limit: number = COMMENT_LIMIT): string => {
  const rows = [
    ...model.modules.flatMap(({ resources }) => resources.flatMap((resource) => resource.rows)),
    ...model.outputs,
  ];
  const blocks = [
    block(head(model)),
    ...verdictBlock(rows, "different"),
    ...verdictBlock(rows, "never-returned"),
    ...verdictBlock(rows, "equal-by-meaning"),
    ...trafficBlock(model),
    resourceBlock(model),
  ];
  return fill(blocks, limit);
};
