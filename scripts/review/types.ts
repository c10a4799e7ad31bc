import type { JournalContent } from "../lib/journal";
import type {
  ComparisonRow,
  Finding,
  MigrationMap,
  Owner,
  OwnershipSnapshot,
  PlanDocument,
  Verdict,
  WaveState,
} from "../plan/types";
import type { RehearsalReport, StageTraffic } from "./rehearsal-report";
import type { SourceFile, SourceRange } from "./sources/types";

/** All that a review is made from. Gathered once; everything after it is pure. */
export interface ReviewInput {
  readonly project: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  /** Of the checkout; empty outside of git. */
  readonly commit: string;
  /** ISO 8601. */
  readonly made: string;
  /** The waves to show, in the order in which they move. */
  readonly waves: readonly string[];
  readonly plan?: PlanDocument;
  readonly map: MigrationMap;
  readonly ownership: OwnershipSnapshot;
  readonly rows: readonly ComparisonRow[];
  /** Number of arguments, by address, whose value Pulumi learns with the import and that are compared then. */
  readonly waiting: Readonly<Record<string, number>>;
  /** Below legacy-terraform/ and pulumi/. */
  readonly terraform: readonly SourceFile[];
  readonly pulumi: readonly SourceFile[];
  readonly journal: JournalContent;
  readonly rehearsal?: RehearsalReport;
  readonly trials: readonly Trial[];
}

/** A fault or a mutation that was tried, and whether it was survived or noticed. */
export interface Trial {
  readonly kind: "fault" | "mutation";
  readonly name: string;
  readonly ok: boolean;
  /** What happened, in a sentence; may be empty. */
  readonly outcome: string;
}

export type Counts = Readonly<Record<Verdict, number>>;

/** `good` nothing to look at, `look` a person decides, `stop` do not go on. */
export type Tone = "good" | "look" | "stop";

/** The content of a review in every format. Version 1. */
export interface ReviewModel {
  readonly version: 1;
  readonly project: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly commit: string;
  readonly made: string;
  readonly waves: readonly string[];
  readonly stage: { readonly reached: number; readonly of: number; readonly sentence: string };
  readonly verdict: { readonly tone: Tone; readonly sentence: string };
  readonly next: { readonly sentence: string; readonly command: string };
  /** What cannot go wrong, and why. */
  readonly safeguards: readonly string[];
  readonly hashes: readonly { readonly name: string; readonly value: string }[];
  readonly counts: Counts;
  readonly problems: readonly Finding[];
  readonly modules: readonly ReviewModule[];
  readonly outputs: readonly ComparisonRow[];
  readonly graph: readonly GraphEdge[];
  readonly timeline: readonly TimelineStage[];
  readonly traffic: readonly StageTraffic[];
  readonly rehearsal?: RehearsalReport;
  readonly trials: readonly Trial[];
  readonly journal: { readonly damage: string; readonly runs: readonly JournalRun[] };
  /** The files that the ranges point into. */
  readonly files: readonly SourceFile[];
}

export interface ReviewModule {
  readonly wave: string;
  readonly state: WaveState;
  readonly sentence: string;
  readonly counts: Counts;
  readonly resources: readonly ReviewResource[];
  /** What belongs to the module and to no single resource: variables, outputs, the component itself. */
  readonly rest: { readonly terraform: readonly SourceRange[]; readonly pulumi: readonly SourceRange[] };
}

export interface ReviewResource {
  /** Unique in the page, stable between pages, fit for a URL fragment. */
  readonly anchor: string;
  readonly address: string;
  readonly urn: string;
  readonly terraformType: string;
  readonly type: string;
  readonly name: string;
  readonly id: string;
  /** Only where a plan document says it. */
  readonly importId: string;
  readonly owner: Owner;
  readonly writer: "terraform" | "pulumi" | "none";
  readonly terraform: readonly SourceRange[];
  readonly pulumi: readonly SourceRange[];
  /** Differences first. */
  readonly rows: readonly ComparisonRow[];
  /** Arguments that Pulumi knows only after the import. */
  readonly waiting: number;
  readonly counts: Counts;
}

/** `from` is named by `to`: data and permissions flow this way. Anchors. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

export interface TimelineStage {
  readonly name: string;
  readonly owners: readonly { readonly wave: string; readonly owner: "terraform" | "pulumi" }[];
  readonly current: boolean;
  /** When the journal says that it was reached; empty when it does not. */
  readonly reached: string;
}

export interface JournalRun {
  readonly title: string;
  /** ISO 8601. */
  readonly began: string;
  readonly ending: "done" | "failed" | "open";
  readonly lines: readonly { readonly time: string; readonly text: string }[];
}
