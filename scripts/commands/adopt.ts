import { type Context, preflight } from "../lib/context";
import { DifferencesFound, UserError } from "../lib/errors";
import { failpointsOf } from "../lib/failpoint";
import { PRIVATE, writeJson } from "../lib/files";
import { migrate, paths } from "../lib/paths";
import { importFile } from "../plan/import-file";
import { providerMapping } from "../plan/mapping-files";
import type { WriteBack } from "../plan/preview-check";
import type { Inventory, MigrationMap, PlanDocument } from "../plan/types";
import { withProviderVersion } from "../pulumi/import-file";
import { importResources, up } from "../pulumi/pulumi";
import { storedInventory } from "../terraform/state-entries";
import { checkProviderVersion } from "../terraform/terraform";
import { sayingWhatIsTrue } from "./epilogue";
import { fingerprint } from "./fingerprint";
import { TERRAFORM_PROVIDER } from "./plan";
import { loadDocument, requireUnmoved } from "./plan-document";
import { proveImport } from "./proofs";
import { loadMap, readStates, requireStack } from "./reading";
import { done, type Result } from "./result";
import { drySession, type Session, withSession } from "./session";
import { backupStep, bothCleanStep, ownsStep, protectStep, proveBoth, proveEqual } from "./shared-steps";
import { snapshotOf } from "./snapshot";
import { runSteps, type Step } from "./steps";
import { givingBack, listUpTo, requireOrder, requireWave } from "./waves";

export interface AdoptOptions {
  readonly wave: string;
  readonly execute: boolean;
}

export interface Adopted {
  readonly environment: string;
  readonly waves: readonly string[];
  readonly executed: boolean;
  readonly steps: readonly string[];
  /** Attributes that AWS never returns, written by the first update. */
  readonly neverReturned: readonly WriteBack[];
  /** Properties and outputs compared in both states. */
  readonly compared: number;
}

const STEPS = ["backup", "import", "owns", "proof", "writeback", "protect", "clean", "equal"] as const;
export const ADOPT_FAILPOINTS = failpointsOf("adopt", STEPS);

interface Prepared {
  readonly document: PlanDocument;
  readonly map: MigrationMap;
}

/** What the proofs found, for the result. */
interface Found {
  neverReturned: readonly WriteBack[];
  compared: number;
  /** What Terraform saw in AWS when both tools were clean. */
  live?: Inventory;
}

/** Whether this very document was being adopted when something stopped it. */
const isResumed = ({ earlier }: Session, document: PlanDocument): boolean => {
  const touches = (waves: readonly string[]): boolean => waves.some((wave) => document.waves.includes(wave));
  const last = earlier.findLast(({ event, waves }) => event === "start" && touches(waves));
  return last?.command === "adopt" && last.detail?.document === document.sha256;
};

const prepare = async (session: Session, wave: string, map: MigrationMap): Promise<Prepared> => {
  const { context } = session;
  const document = await loadDocument(context, wave);
  const states = await readStates(context);
  requireStack(context, states);
  requireOrder("adopt", document.waves, await snapshotOf(context, map, states));
  const expected = isResumed(session, document) ? (["content of Pulumi's state"] as const) : [];
  await requireUnmoved(context, document, { map, states, wave }, expected);
  return { document, map };
};

const urnsOf = ({ components, resources }: PlanDocument): ReadonlySet<string> =>
  new Set([...components, ...resources].map(({ urn }) => urn));

const missingNow = async (session: Session, document: PlanDocument): Promise<ReadonlySet<string>> => {
  const { pulumi } = await readStates(session.context);
  const present = new Set(pulumi.checkpoint.resources.map(({ urn }) => urn));
  return new Set([...urnsOf(document)].filter((urn) => !present.has(urn)));
};

const importStep = (session: Session, { document }: Prepared): Step => ({
  name: "import",
  title: `pulumi import of ${document.resources.length} resources`,
  done: async () => (await missingNow(session, document)).size === 0,
  work: async (update) => {
    const missing = await missingNow(session, document);
    const present = new Set([...urnsOf(document)].filter((urn) => !missing.has(urn)));
    const file = paths(session.context).scratch("import.json");
    await writeJson(file, withProviderVersion(importFile(document, present), providerMapping().plugin), PRIVATE);
    await importResources(session.context, file);
    const left = await missingNow(session, document);
    if (left.size > 0) throw new UserError(`pulumi import left out:\n${[...left].join("\n")}`);
    update(`${missing.size} imported${present.size ? `, ${present.size} were there already` : ""}`);
  },
});

const proofStep = (session: Session, { document }: Prepared, found: Found): Step => ({
  name: "proof",
  title: "pulumi preview shows nothing but what AWS never returns",
  work: async (update) => {
    const inventory = storedInventory((await readStates(session.context)).terraform.raw);
    const { writeBacks, findings } = await proveImport(session.context, document.resources, inventory);
    if (findings.length > 0) {
      const back = givingBack(session.context.environment, document.waves);
      const fix = `make the program say what Terraform says, give the wave back (${back}) and plan again`;
      throw new DifferencesFound(findings.map(({ message }) => message).join("\n"), { fix });
    }
    found.neverReturned = writeBacks;
    update(`${writeBacks.length} attributes`);
  },
});

/** Also where there is nothing to write back: an import stores no dependencies, the first `up` does. */
const writebackStep = (session: Session): Step => ({
  name: "writeback",
  title: "pulumi up writes them back, and the dependencies",
  work: async () => {
    await up(session.context);
  },
});

const equalStep = (session: Session, { document }: Prepared, found: Found): Step => ({
  name: "equal",
  title: "every property of every resource is equal in both states, and every output",
  work: async (update) => {
    found.compared = await proveEqual(session, document.resources, found.live ?? (await proveBoth(session)));
    const detail = { compared: found.compared, ...fingerprint(await readStates(session.context)) };
    await session.journal.write({ event: "verified", detail });
    update(`${found.compared} compared`);
  },
});

const stepsOf = (session: Session, prepared: Prepared, found: Found): Step[] => [
  backupStep(session),
  importStep(session, prepared),
  ownsStep(session, listUpTo(prepared.map.waves, prepared.document.waves)),
  proofStep(session, prepared, found),
  writebackStep(session),
  protectStep(session, urnsOf(prepared.document)),
  bothCleanStep(session, (live) => {
    found.live = live;
  }),
  equalStep(session, prepared, found),
];

const describe = (result: Adopted, wave: string): string => {
  const { environment, waves, executed, steps, neverReturned, compared } = result;
  const next = (command: string): string => migrate(command, environment, `--wave ${wave} --execute`);
  if (!executed) {
    return [
      `would adopt ${waves.join(", ")} of ${environment}:`,
      ...steps.map((each) => `  ${each}`),
      "",
      `next:  ${next("adopt")}`,
    ].join("\n");
  }
  const written = neverReturned.map(
    ({ urn, property, reason }) => `  ${urn.split("::").slice(2).join("::")} ${property}: ${reason}`,
  );
  return [
    `adopted ${waves.join(", ")} of ${environment}: ${compared} properties and outputs equal in both states`,
    ...(written.length > 0 ? ["written back, because AWS never returns them:", ...written] : []),
    "Terraform is still the owner.",
    "",
    `next:  ${next("cutover")}`,
    `back:  ${next("rollback")}`,
  ].join("\n");
};

/** Imports a reviewed wave into Pulumi and proves it. Terraform stays the owner; nothing in AWS changes. */
export const adopt = async (context: Context, { wave, execute }: AdoptOptions): Promise<Result<Adopted>> => {
  const map = await loadMap();
  requireWave(wave, map.waves);
  const { waves, sha256 } = await loadDocument(context, wave);
  const checked = await preflight(context);
  await checkProviderVersion(checked, TERRAFORM_PROVIDER);
  const found: Found = { neverReturned: [], compared: 0 };
  const result = (executed: boolean, steps: readonly string[]): Result<Adopted> => {
    const { neverReturned, compared } = found;
    const data = { environment: checked.environment, waves, executed, steps, neverReturned, compared };
    return done(describe(data, wave), data);
  };
  const purpose = { command: "adopt", waves, detail: { document: sha256 } } as const;
  const run = async (session: Session): Promise<readonly Step[]> =>
    stepsOf(session, await prepare(session, wave, map), found);
  if (!execute)
    return result(
      false,
      (await run(await drySession(checked, purpose))).map(({ title }) => title),
    );
  return sayingWhatIsTrue(checked, { command: "adopt", rest: `--wave ${wave} --execute` }, () =>
    withSession(checked, purpose, async (session) => {
      const steps = await run(session);
      await runSteps(session, steps);
      return result(
        true,
        steps.map(({ title }) => title),
      );
    }),
  );
};
