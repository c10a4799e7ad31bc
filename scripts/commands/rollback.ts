import { confirmByTyping } from "../lib/confirm";
import { type Checked, type Context, preflight } from "../lib/context";
import { failpointsOf } from "../lib/failpoint";
import { PRIVATE, writeJson } from "../lib/files";
import { migrate, paths } from "../lib/paths";
import { componentUrn, resourceUrn } from "../plan/build-plan";
import type { MappedResource, MigrationMap } from "../plan/types";
import { readDeployment, resourcesOf, without } from "../pulumi/deployment";
import { exportStack } from "../pulumi/pulumi";
import { addressesOf, type RawState, withEntries } from "../terraform/state-entries";
import { checkProviderVersion, pushState } from "../terraform/terraform";
import { sayingWhatIsTrue } from "./epilogue";
import { TERRAFORM_PROVIDER } from "./plan";
import { loadMap, readStates, requireStack } from "./reading";
import { done, type Result } from "./result";
import { requireHcl, savedState } from "./saved-entries";
import { drySession, type Session, withSession } from "./session";
import {
  backupStep,
  bothCleanStep,
  outputsStep,
  ownerStep,
  ownsStep,
  protectStep,
  releasedStep,
  replaceStack,
} from "./shared-steps";
import { readSnapshot, snapshotOf } from "./snapshot";
import { runSteps, type Step } from "./steps";
import { chooseWaves, listBefore, requireOrder, requireWave } from "./waves";

export interface RollbackOptions {
  readonly wave: string;
  readonly execute: boolean;
  /** Do not ask for the environment's name. */
  readonly yes: boolean;
}

export interface RolledBack {
  readonly environment: string;
  readonly waves: readonly string[];
  readonly executed: boolean;
  readonly steps: readonly string[];
}

const STEPS = ["backup", "protect", "released", "restore", "outputs", "owns", "forget", "clean", "owner"] as const;
export const ROLLBACK_FAILPOINTS = failpointsOf("rollback", STEPS);

interface Prepared {
  readonly map: MigrationMap;
  readonly rows: readonly MappedResource[];
  readonly urns: ReadonlySet<string>;
  /** Per wave that Terraform has let go of: the state that still held it. */
  readonly saved: ReadonlyMap<string, RawState>;
}

const missingAddresses = (raw: RawState, rows: readonly MappedResource[]): readonly MappedResource[] => {
  const held = new Set(raw.resources.flatMap(addressesOf));
  return rows.filter(({ address }) => !held.has(address));
};

const urnsOf = (environment: string, map: MigrationMap, waves: readonly string[]): ReadonlySet<string> =>
  new Set([
    ...map.components
      .filter(({ wave }) => waves.includes(wave))
      .map((each) => componentUrn({ environment, map }, each)),
    ...map.resources.filter(({ wave }) => waves.includes(wave)).map((row) => resourceUrn({ environment, map }, row)),
  ]);

/** Everything that the way back needs is looked up before the first step: it says now if it cannot be gone to its end. */
const prepare = async (session: Session, map: MigrationMap): Promise<Prepared> => {
  const { context, waves, earlier: records } = session;
  const states = await readStates(context);
  requireStack(context, states);
  const snapshot = await snapshotOf(context, map, states);
  requireOrder("rollback", waves, snapshot);
  const rows = map.resources.filter(({ wave }) => waves.includes(wave));
  await requireHcl(context, rows);
  const gone = missingAddresses(states.terraform.raw, rows);
  const saved = new Map<string, RawState>();
  for (const wave of new Set(gone.map((row) => row.wave))) {
    const own = gone.filter((row) => row.wave === wave);
    saved.set(wave, await savedState(context, wave, own, { records, snapshot }));
  }
  return { map, rows, urns: urnsOf(context.environment, map, waves), saved };
};

/** One push of the current state with the saved entries added: never a destroy, never an import that could differ. */
const restoreStep = (session: Session, { rows, saved }: Prepared): Step => ({
  name: "restore",
  title: "terraform state push of the current state with the wave's entries",
  done: async () => missingAddresses((await readStates(session.context)).terraform.raw, rows).length === 0,
  work: async (update) => {
    const current = (await readStates(session.context)).terraform.raw;
    let state = current;
    for (const [wave, entries] of saved) {
      const addresses = new Set(rows.filter((row) => row.wave === wave).map(({ address }) => address));
      state = withEntries(state, entries, addresses);
    }
    const file = paths(session.context).scratch("restored.tfstate");
    await writeJson(file, { ...state, serial: current.serial + 1 }, PRIVATE);
    await pushState(session.context, file);
    update(`${state.resources.length - current.resources.length} entries`);
  },
});

/** One write, and only of Pulumi's state: the resources themselves stay. */
const forgetStep = (session: Session, { urns }: Prepared): Step => {
  const stack = async () => readDeployment((await exportStack(session.context)) ?? "");
  return {
    name: "forget",
    title: "forget the wave in Pulumi",
    done: async () => !resourcesOf(await stack()).some(({ urn }) => urns.has(urn)),
    work: async () => replaceStack(session, without(await stack(), urns)),
  };
};

const stepsOf = (session: Session, prepared: Prepared): Step[] => {
  const before = listBefore(prepared.map.waves, session.waves);
  return [
    backupStep(session),
    // First of all Pulumi loses the power to delete what it is about to give up.
    protectStep(session, prepared.urns),
    // Before the entries come back: a plan between the two would create, which AWS refuses, and never destroy.
    releasedStep(session, before),
    restoreStep(session, prepared),
    outputsStep(session),
    ownsStep(session, before),
    forgetStep(session, prepared),
    bothCleanStep(session),
    ownerStep(session, "terraform"),
  ];
};

const describe = ({ environment, waves, executed, steps }: RolledBack, wave: string): string => {
  if (waves.length === 0) return `nothing to give back: Terraform owns everything in ${environment}`;
  if (!executed) {
    const next = migrate("rollback", environment, `--wave ${wave} --execute`);
    return [
      `would give back ${waves.join(", ")} of ${environment}:`,
      ...steps.map((each) => `  ${each}`),
      "",
      `next:  ${next}`,
    ].join("\n");
  }
  return [
    `gave back ${waves.join(", ")} of ${environment}: Terraform is the only owner, both tools are clean`,
    "",
    `next:  ${migrate("status", environment)}`,
  ].join("\n");
};

const question = ({ settings, environment }: Checked, waves: readonly string[]): string =>
  `Pulumi will forget ${waves.join(", ")} in ${environment} (account ${settings.account}, ${settings.region}); Terraform becomes the only owner.`;

/** Gives a wave back to Terraform, before or after its cutover. Nothing in AWS changes. */
export const rollback = async (context: Context, options: RollbackOptions): Promise<Result<RolledBack>> => {
  const map = await loadMap();
  requireWave(options.wave, map.waves);
  const checked = await preflight(context);
  await checkProviderVersion(checked, TERRAFORM_PROVIDER);
  const waves = options.wave === "all" ? chooseWaves("all", "rollback", await readSnapshot(checked)) : [options.wave];
  const result = (executed: boolean, steps: readonly Step[]): Result<RolledBack> => {
    const data = { environment: checked.environment, waves, executed, steps: steps.map(({ title }) => title) };
    return done(describe(data, options.wave), data);
  };
  if (waves.length === 0) return result(false, []);
  const purpose = { command: "rollback", waves } as const;
  const dry = await drySession(checked, purpose);
  const planned = stepsOf(dry, await prepare(dry, map));
  if (!options.execute) return result(false, planned);
  await confirmByTyping(question(checked, waves), checked.environment, { yes: options.yes });
  return sayingWhatIsTrue(checked, { command: "rollback", rest: `--wave ${options.wave} --execute` }, () =>
    withSession(checked, purpose, async (session) => {
      const steps = stepsOf(session, await prepare(session, map));
      await runSteps(session, steps);
      return result(true, steps);
    }),
  );
};
