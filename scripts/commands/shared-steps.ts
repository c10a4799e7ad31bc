import { readFile } from "node:fs/promises";
import { writeBackup } from "../lib/backup";
import { DifferencesFound, UserError } from "../lib/errors";
import { PRIVATE, writeJson } from "../lib/files";
import { paths } from "../lib/paths";
import { readSettings } from "../lib/settings";
import { leaksIn, secretsOf } from "../plan/leaks";
import type { Finding, Inventory } from "../plan/types";
import { allProtected, type Deployment, readDeployment, withProtection } from "../pulumi/deployment";
import { exportStack, importStack } from "../pulumi/pulumi";
import { writeOwns } from "../pulumi/stack-config";
import { summarisePlan } from "../terraform/plan-summary";
import { applySaved, planChanges } from "../terraform/terraform";
import { writeReleased } from "../terraform/tfvars";
import {
  compareSides,
  describeDifferences,
  type Pair,
  planFindings,
  provePulumi,
  proveTerraform,
  proveTerraformClean,
} from "./proofs";
import { readStates } from "./reading";
import { checkRestores } from "./restore-check";
import type { Session } from "./session";
import { readSnapshot } from "./snapshot";
import type { Step } from "./steps";
import { givingBack } from "./waves";

/** Names of a backup's files. */
export const BACKUP = { terraform: "terraform.tfstate", pulumi: "pulumi.json", tfvars: "tfvars", stack: "stack.yaml" };

const sameList = (one: readonly string[], other: readonly string[]): boolean => one.join() === other.join();

/** Own copies of everything that is about to change; proven to restore before anything does. */
export const backupStep = (session: Session): Step => ({
  name: "backup",
  title: "back up both states",
  work: async (update) => {
    const { context, command, waves, journal } = session;
    const files = paths(context);
    const states = await readStates(context);
    const content = {
      [BACKUP.terraform]: states.terraform.text,
      [BACKUP.pulumi]: states.pulumi.text,
      [BACKUP.tfvars]: await readFile(files.tfvars, "utf8"),
      [BACKUP.stack]: await readFile(files.stackConfig, "utf8"),
    };
    const backup = await writeBackup(files.backups, { command, waves }, content);
    await checkRestores(context, states);
    const folder = backup.folder.slice(files.migration.length + 1);
    await journal.write({ event: "note", step: "backup", detail: { backup: folder, sha256: backup.sha256 } });
    update(folder);
  },
});

/** The stack's own list of modules. */
export const ownsStep = (session: Session, owns: readonly string[]): Step => ({
  name: "owns",
  title: `Pulumi's configuration: owns [${owns.join(", ")}]`,
  done: async () => sameList((await readSettings(session.context)).owns, owns),
  work: () => writeOwns(paths(session.context).stackConfig, session.context.settings.project, owns),
});

/** Terraform's list of modules that somebody else owns. */
export const releasedStep = (session: Session, released: readonly string[]): Step => ({
  name: "released",
  title: `Terraform's variables: released [${released.join(", ")}]`,
  done: async () => sameList((await readSettings(session.context)).released, released),
  work: () => writeReleased(paths(session.context).tfvars, released),
});

const currentStack = async (session: Session): Promise<Deployment> =>
  readDeployment((await exportStack(session.context)) ?? "");

/** Replaces Pulumi's state by an edit of itself, in one write. */
export const replaceStack = async (session: Session, state: Deployment): Promise<void> => {
  const file = paths(session.context).scratch("stack.json");
  await writeJson(file, state, PRIVATE);
  await importStack(session.context, file);
};

/** As long as Terraform is the writer, Pulumi must refuse to delete or replace. */
export const protectStep = (session: Session, urns: ReadonlySet<string>): Step => ({
  name: "protect",
  title: "protect the wave in Pulumi",
  done: async () => allProtected(await currentStack(session), urns),
  work: async () => replaceStack(session, withProtection(await currentStack(session), urns)),
});

/**
 * Brings Terraform's outputs in line with the released modules. It applies a saved plan, and only after that plan's own
 * JSON said that it changes no resource.
 */
export const outputsStep = (session: Session): Step => ({
  name: "outputs",
  title: "Terraform's outputs",
  work: async (update) => {
    const plan = await planChanges(session.context, { name: "outputs", refresh: false });
    const { resources, outputs } = summarisePlan(plan.json);
    if (resources.length > 0) {
      const lines = planFindings(plan).map(({ message }) => message);
      const fix = `correct this, then repeat the command, or ${givingBack(session.context.environment, session.waves)}`;
      throw new UserError(`Terraform would change more than outputs; nothing was applied:\n${lines.join("\n")}`, {
        fix,
      });
    }
    if (outputs.length === 0) return update("nothing to change");
    await applySaved(session.context, plan);
    update(outputs.map(({ name }) => name).join(", "));
  },
});

const refuseDifferences = (findings: readonly Finding[]): void => {
  if (findings.length === 0) return;
  throw new DifferencesFound(findings.map(({ message }) => message).join("\n"), { fix: findings[0]?.fix ?? "" });
};

/**
 * Both tools look at AWS and find nothing to do.
 * @returns what Terraform saw
 * @throws DifferencesFound naming every difference
 */
export const proveBoth = async ({ context }: Session): Promise<Inventory> => {
  const [terraform, pulumi] = await Promise.all([proveTerraform(context), provePulumi(context)]);
  refuseDifferences([...terraform.findings, ...pulumi]);
  return terraform.live;
};

/** The same, without telling what is live. */
export const proveBothClean = async ({ context }: Session): Promise<void> => {
  const [terraform, pulumi] = await Promise.all([proveTerraformClean(context), provePulumi(context)]);
  refuseDifferences([...terraform, ...pulumi]);
};

/** @throws DifferencesFound naming resource, property and both values of each */
export const proveEqual = async (session: Session, pairs: readonly Pair[], live: Inventory): Promise<number> => {
  const rows = await compareSides(session.context, pairs, live);
  const differences = describeDifferences(rows);
  if (differences.length > 0) throw new DifferencesFound(differences.join("\n"));
  await proveSecret(session, live);
  return rows.length;
};

/** What Terraform marks sensitive is encrypted in Pulumi's state, or it would be readable in every backup of it. */
const proveSecret = async ({ context }: Session, live: Inventory): Promise<void> => {
  const open = leaksIn((await exportStack(context)) ?? "", secretsOf(live));
  if (open.length === 0) return;
  throw new DifferencesFound(`these are secret in Terraform and readable in Pulumi's state: ${open.join(", ")}`, {
    fix: "wrap them in pulumi.secret (or additionalSecretOutputs) in the program, give the wave back and adopt it again",
  });
};

export const bothCleanStep = (session: Session, see?: (live: Inventory) => void): Step => ({
  name: "clean",
  title: "terraform plan and pulumi preview --refresh are clean",
  work: async () => (see ? see(await proveBoth(session)) : proveBothClean(session)),
});

/** The states themselves say who owns the waves now, and find nothing wrong. */
export const ownerStep = (session: Session, expected: "pulumi" | "terraform"): Step => ({
  name: "owner",
  title: `${expected === "pulumi" ? "Pulumi" : "Terraform"} is the only owner`,
  work: async () => {
    const { resources, problems } = await readSnapshot(session.context);
    const wrong = resources.filter(({ wave, owner }) => session.waves.includes(wave) && owner !== expected);
    const lines = [
      ...wrong.map(({ address, owner }) => `${address}: owner ${owner}`),
      ...problems.map(({ message }) => message),
    ];
    if (lines.length > 0) throw new DifferencesFound(lines.join("\n"));
  },
});
