import type { StepRecord } from "../lib/progress";
import type { WriteBack } from "../plan/preview-check";
import type { EngineVersions } from "./engine";
import type { Outputs } from "./evidence";
import type { Performance } from "./rehearse";
import { brokenPromises } from "./verdict";

export interface StageReport {
  readonly name: string;
  readonly sent: number;
  readonly spoken: number;
  readonly lost: number;
  /** Milliseconds from putting the item to seeing its audio; null if none was spoken. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
}

/** Calls that changed something in the emulated AWS while one command of the migration ran. */
export interface CloudCalls {
  readonly command: string;
  /** e.g. `lambda UpdateFunctionCode` */
  readonly changes: readonly string[];
  /** Those among them that are no announced write-back. */
  readonly unexpected: readonly string[];
}

/** `.rehearsal/report.json`. Version 2: with stages, cloud calls and our own share of the time. */
export interface RehearsalReport {
  readonly version: 2;
  readonly result: "passed" | "failed" | "differences";
  /** Why it did not pass; empty when it did. */
  readonly reasons: readonly string[];
  readonly environment: string;
  readonly mode: "waves" | "all-at-once";
  readonly seconds: {
    /** Wall time. */
    readonly setUp: number;
    readonly rehearsal: number;
    /** Processor time of this process in the rehearsal: the commands themselves, and the proxy that watches the tools. */
    readonly own: number;
    /** Processor time of the traffic, which plays the users. */
    readonly traffic: number;
  };
  readonly steps: readonly StepRecord[];
  /** How many resources the map names. */
  readonly expected: number;
  readonly resources: readonly {
    readonly address: string;
    readonly urn: string;
    readonly type: string;
    readonly id: string;
    readonly wave: string;
  }[];
  readonly terraform: { readonly changesBefore: number; readonly changesAfter: number };
  readonly pulumi: {
    readonly imported: number;
    readonly changesAfter: number;
    readonly neverReturned: readonly WriteBack[];
  };
  /** What `verify` says at the end when it is not satisfied; empty when it is. */
  readonly complaint: string;
  readonly outputs: {
    /** Terraform's before the migration. */
    readonly terraform: Outputs;
    /** Pulumi's after it. */
    readonly pulumi: Outputs;
    readonly equal: boolean;
  };
  readonly requests: Omit<StageReport, "name">;
  readonly stages: readonly StageReport[];
  readonly cloud: { readonly unchanged: boolean; readonly calls: readonly CloudCalls[] };
  readonly audio: { readonly url: string; readonly bytes: number; readonly through: "distribution" | "bucket" };
  readonly versions: EngineVersions & { readonly terraform: string };
}

interface About extends Pick<RehearsalReport, "environment" | "mode" | "steps"> {
  readonly versions: EngineVersions;
  readonly seconds: Omit<RehearsalReport["seconds"], "traffic">;
}

const trafficOf = ({ requests }: Performance): Pick<RehearsalReport, "requests" | "stages"> => {
  const { stages, problems: _, ...total } = requests.report;
  return { requests: total, stages };
};

/** Puts together what was seen and judges it. */
export const buildReport = (performed: Performance, about: About): RehearsalReport => {
  const { before, after, moved, cloud, audio, expected } = performed;
  const imported = moved.resources.filter(({ urn }) => after.urns.has(urn)).length;
  const judged = {
    version: 2,
    ...about,
    versions: { terraform: before.terraformVersion, ...about.versions },
    seconds: { ...about.seconds, traffic: performed.requests.seconds },
    expected,
    resources: moved.resources.map(({ address, urn, type, importId, wave }) => ({
      address,
      urn,
      type,
      id: importId,
      wave,
    })),
    terraform: { changesBefore: before.changes, changesAfter: after.terraformChanges },
    pulumi: { imported, changesAfter: after.pulumiChanges, neverReturned: moved.neverReturned },
    complaint: after.complaint,
    outputs: {
      terraform: before.outputs,
      pulumi: after.outputs,
      equal: JSON.stringify(before.outputs) === JSON.stringify(after.outputs),
    },
    ...trafficOf(performed),
    cloud: { unchanged: cloud.every(({ unexpected }) => unexpected.length === 0), calls: cloud },
    audio,
  } as const;
  const reasons = brokenPromises(judged);
  return { ...judged, result: reasons.length === 0 ? "passed" : "differences", reasons };
};
