import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withEmulator } from "../emulated";
import { ROOT } from "../parity/sides";
import { type Runner, sharedProcess } from "../processes";
import { type Answer, runTestFile } from "./check";
import { applyMutation, copyRepository } from "./copy";
import { type Check, type Mutation, planOf } from "./list";
import { createPlanCheck, type PlanCheck } from "./plan-check";

export interface Verdict {
  readonly mutation: Mutation;
  /** `wrong` when a check could not run, or noticed something else than the mutation. */
  readonly fate: "killed" | "survived" | "wrong";
  /** The check that noticed; empty when none did. */
  readonly by: string;
  readonly words: string;
  readonly seconds: number;
}

const AT_ONCE = 2;
/** Milliseconds for one test file. */
const TIMEOUT = 60_000;

/** Looks at a copy with one check. */
type Look = (copy: string, check: Check) => Promise<Answer>;

/** Works in two lanes, each with a process of its own, in which every copy's modules are loaded afresh from its folder. */
const inParallel = async <T, R>(
  items: readonly T[],
  plan: PlanCheck | undefined,
  work: (item: T, look: Look) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = [];
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    const runner = sharedProcess(ROOT, TIMEOUT);
    try {
      for (const [index, item] of waiting) results[index] = await work(item, looker(runner, plan));
    } finally {
      runner.stop();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
};

const looker =
  (runner: Runner, plan: PlanCheck | undefined): Look =>
  (copy, check) => {
    const environment = planOf(check);
    if (environment === undefined) return runTestFile(runner, copy, check);
    if (!plan) throw new Error("no Terraform was prepared");
    return plan(copy, environment);
  };

/** What passes on the original is the only thing that can notice a mutant. */
const checkBaseline = async (checks: readonly Check[], plan: PlanCheck | undefined, folder: string): Promise<void> => {
  const copy = join(folder, "original");
  await copyRepository(ROOT, copy);
  const answers = await inParallel(checks, plan, (check, look) => look(copy, check));
  const bad = checks.filter((_, index) => answers[index]?.kind !== "passed");
  if (bad.length === 0) return;
  const words = answers.filter(({ kind }) => kind !== "passed").map((answer) => answer.words.slice(-2_000));
  throw new Error(`without any mutation these do not pass: ${bad.join(", ")}\n${words.join("\n")}`);
};

const judge = async (
  mutation: Mutation,
  look: Look,
  folder: string,
): Promise<Omit<Verdict, "mutation" | "seconds">> => {
  const copy = join(folder, mutation.id);
  await copyRepository(ROOT, copy);
  await applyMutation(copy, mutation);
  for (const check of mutation.by) {
    const { kind, words } = await look(copy, check);
    if (kind === "broken") return { fate: "wrong", by: check, words: `could not run: ${words.slice(-800)}` };
    if (kind === "passed") continue;
    const fits = mutation.says === undefined || words.includes(mutation.says);
    return fits ? { fate: "killed", by: check, words } : { fate: "wrong", by: check, words: words.slice(-800) };
  }
  return { fate: "survived", by: "", words: "" };
};

const judgeTimed = async (mutation: Mutation, look: Look, folder: string): Promise<Verdict> => {
  const began = performance.now();
  const verdict = await judge(mutation, look, folder);
  await rm(join(folder, mutation.id), { recursive: true, force: true });
  return { mutation, ...verdict, seconds: (performance.now() - began) / 1000 };
};

/** Makes each mutant in a copy of its own and asks the checks that the list names for it. */
export const runMutations = async (mutations: readonly Mutation[]): Promise<readonly Verdict[]> => {
  const folder = await mkdtemp(join(tmpdir(), "mutants-"));
  const all = async (plan?: PlanCheck): Promise<readonly Verdict[]> => {
    await checkBaseline([...new Set(mutations.flatMap(({ by }) => by))], plan, folder);
    return inParallel(mutations, plan, (mutation, look) => judgeTimed(mutation, look, folder));
  };
  try {
    if (!mutations.some(({ by }) => by.some(planOf))) return await all();
    return await withEmulator({}, async ({ emulator }) => all(await createPlanCheck(emulator.endpoint, folder)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
