import { confirmByTyping } from "../lib/confirm";
import { type Checked, type Context, preflight } from "../lib/context";
import { UserError } from "../lib/errors";
import { failpointsOf } from "../lib/failpoint";
import { migrate } from "../lib/paths";
import type { MigrationMap, OwnershipSnapshot, PlanDocument } from "../plan/types";
import { up } from "../pulumi/pulumi";
import { addressesOf, entriesOf } from "../terraform/state-entries";
import { checkProviderVersion, removeFromState } from "../terraform/terraform";
import { sayingWhatIsTrue } from "./epilogue";
import { isVerified } from "./fingerprint";
import { requireHook, runHook } from "./hooks";
import { TERRAFORM_PROVIDER } from "./plan";
import { type Expected, loadDocument, requireUnmoved } from "./plan-document";
import { loadMap, readStates, requireStack, type States } from "./reading";
import { done, type Result } from "./result";
import { drySession, type Session, withSession } from "./session";
import {
  backupStep,
  bothCleanStep,
  outputsStep,
  ownerStep,
  proveBoth,
  proveBothClean,
  proveEqual,
  releasedStep,
} from "./shared-steps";
import { snapshotOf } from "./snapshot";
import { runSteps, type Step } from "./steps";
import { listUpTo, requireOrder, requireWave } from "./waves";

export interface CutoverOptions {
  readonly wave: string;
  readonly execute: boolean;
  /** Do not ask for the environment's name. */
  readonly yes: boolean;
  readonly hookBefore?: string;
  readonly hookAfter?: string;
}

export interface CutOver {
  readonly environment: string;
  readonly waves: readonly string[];
  readonly executed: boolean;
  readonly steps: readonly string[];
}

const STEPS = [
  "proof",
  "hook-before",
  "backup",
  "release",
  "released",
  "outputs",
  "clean",
  "settle",
  "owner",
  "hook-after",
] as const;
export const CUTOVER_FAILPOINTS = failpointsOf(
  "cutover",
  STEPS.filter((step) => !step.startsWith("hook")),
);

interface Prepared {
  readonly document: PlanDocument;
  readonly map: MigrationMap;
  readonly addresses: ReadonlySet<string>;
  /** Whether Terraform's state holds entries of the wave still. */
  readonly held: boolean;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const stillHeld = ({ terraform }: States, addresses: ReadonlySet<string>): string[] =>
  entriesOf(terraform.raw, addresses).flatMap(addressesOf);

/** @throws UserError unless each wave is adopted, or this very cutover has begun */
const requireAdopted = (snapshot: OwnershipSnapshot, document: PlanDocument, wave: string): void => {
  for (const { wave: name, state, owned } of snapshot.waves) {
    if (!document.waves.includes(name) || state === "adopting" || state === "pulumi") continue;
    const pulumiHasAll = snapshot.resources.every(
      (each) => each.wave !== name || ["both", "pulumi"].includes(each.owner),
    );
    if (state === "between" && owned && pulumiHasAll) continue;
    throw new UserError(`${name} is not adopted, so it cannot be cut over`, {
      fix: migrate("adopt", snapshot.environment, `--wave ${wave} --execute`),
    });
  }
};

const prepare = async (session: Session, options: CutoverOptions, map: MigrationMap): Promise<Prepared> => {
  const { context } = session;
  const document = await loadDocument(context, options.wave);
  const states = await readStates(context);
  requireStack(context, states);
  const snapshot = await snapshotOf(context, map, states);
  requireOrder("cutover", document.waves, snapshot);
  requireAdopted(snapshot, document, options.wave);
  const addresses = new Set(document.resources.map(({ address }) => address));
  const held = stillHeld(states, addresses).length > 0;
  // The adoption has moved Pulumi's state and is committed by now; this command itself moves Terraform's.
  const expected: Expected[] = [
    "content of Pulumi's state",
    "git commit",
    ...(held ? [] : ["Terraform's state" as const]),
  ];
  await requireUnmoved(context, document, { map, states, wave: options.wave }, expected);
  const [before, after] = [await requireHook(options.hookBefore), await requireHook(options.hookAfter)];
  return { document, map, addresses, held, before, after };
};

/** Once more, right before: whatever changed since the adoption is found now, while nothing has moved. */
const proofStep = (session: Session, { document, held }: Prepared): Step => ({
  name: "proof",
  title: "both tools are clean and every property is equal",
  done: async () => !held,
  work: async (update) => {
    if (isVerified(session.earlier, document.waves, await readStates(session.context))) {
      await proveBothClean(session);
      return update("both states are as they were when every property was compared");
    }
    const live = await proveBoth(session);
    update(`${await proveEqual(session, document.resources, live)} compared`);
  },
});

const hookSteps = (session: Session, moment: "before" | "after", path: string | undefined): Step[] =>
  path === undefined
    ? []
    : [
        {
          name: `hook-${moment}`,
          title: `hook ${path}`,
          work: () => runHook(session.context, path, { moment, waves: session.waves }),
        },
      ];

const releaseStep = (session: Session, { addresses }: Prepared): Step => ({
  name: "release",
  title: "terraform state rm, in one call",
  done: async () => stillHeld(await readStates(session.context), addresses).length === 0,
  work: async (update) => {
    const held = stillHeld(await readStates(session.context), addresses);
    await removeFromState(session.context, held);
    update(`${held.length} addresses`);
  },
});

/**
 * Takes the adoption's protection off again, except where the program asks for it. Both tools were clean a moment ago, so
 * nothing changes in AWS; if something does, the engine says so.
 */
const settleStep = (session: Session): Step => ({
  name: "settle",
  title: "pulumi up: protected is what the program protects; nothing else changes",
  work: async () => {
    await up(session.context, { expectNoChanges: true });
  },
});

const stepsOf = (session: Session, prepared: Prepared): Step[] => [
  proofStep(session, prepared),
  ...hookSteps(session, "before", prepared.before),
  backupStep(session),
  releaseStep(session, prepared),
  releasedStep(session, listUpTo(prepared.map.waves, prepared.document.waves)),
  outputsStep(session),
  bothCleanStep(session),
  settleStep(session),
  ownerStep(session, "pulumi"),
  ...hookSteps(session, "after", prepared.after),
];

const describe = ({ environment, waves, executed, steps }: CutOver, wave: string): string => {
  const rest = `--wave ${wave} --execute`;
  const list = steps.map((each) => `  ${each}`);
  if (!executed) {
    return [
      `would cut over ${waves.join(", ")} of ${environment}:`,
      ...list,
      "",
      `next:  ${migrate("cutover", environment, rest)}`,
    ].join("\n");
  }
  return [
    `cut over ${waves.join(", ")} of ${environment}: Pulumi is the only owner, both tools are clean`,
    "",
    `next:  ${migrate("status", environment)}`,
    `back:  ${migrate("rollback", environment, rest)}`,
  ].join("\n");
};

const question = ({ settings, environment }: Checked, waves: readonly string[]): string =>
  `Terraform will let go of ${waves.join(", ")} in ${environment} (account ${settings.account}, ${settings.region}); Pulumi becomes the only owner.`;

/** Makes Pulumi the only owner of an adopted wave. Nothing in AWS changes. */
export const cutover = async (context: Context, options: CutoverOptions): Promise<Result<CutOver>> => {
  const map = await loadMap();
  requireWave(options.wave, map.waves);
  const { waves, sha256 } = await loadDocument(context, options.wave);
  const checked = await preflight(context);
  await checkProviderVersion(checked, TERRAFORM_PROVIDER);
  const purpose = { command: "cutover", waves, detail: { document: sha256 } } as const;
  const result = (executed: boolean, steps: readonly Step[]): Result<CutOver> => {
    const titles = steps.map(({ title }) => title);
    const data = { environment: checked.environment, waves, executed, steps: titles };
    return done(describe(data, options.wave), data);
  };
  const dry = await drySession(checked, purpose);
  if (!options.execute) return result(false, stepsOf(dry, await prepare(dry, options, map)));
  await prepare(dry, options, map);
  await confirmByTyping(question(checked, waves), checked.environment, { yes: options.yes });
  return sayingWhatIsTrue(checked, { command: "cutover", rest: `--wave ${options.wave} --execute` }, () =>
    withSession(checked, purpose, async (session) => {
      const steps = stepsOf(session, await prepare(session, options, map));
      await runSteps(session, steps);
      return result(true, steps);
    }),
  );
};
