import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parse } from "@cdktn/hcl2json";
import { type Backup, findBackups, readBackupFile } from "../lib/backup";
import type { Checked } from "../lib/context";
import { UserError } from "../lib/errors";
import type { JournalRecord } from "../lib/journal";
import { migrate, paths } from "../lib/paths";
import type { MappedResource, OwnershipSnapshot } from "../plan/types";
import { addressesOf, moduleOf, type RawState, readRawState } from "../terraform/state-entries";
import { BACKUP } from "./shared-steps";

/** Names of the modules that the HCL calls. */
const calledModules = async (context: Checked): Promise<ReadonlySet<string>> => {
  const { hcl } = paths(context);
  const files = (await readdir(hcl)).filter((name) => name.endsWith(".tf"));
  const parsed = await Promise.all(files.map(async (name) => parse(name, await readFile(join(hcl, name), "utf8"))));
  return new Set(parsed.flatMap((file) => Object.keys((file as { module?: object }).module ?? {})));
};

/** @throws UserError when Terraform could not hold the resources, because their code is gone */
export const requireHcl = async (context: Checked, rows: readonly MappedResource[]): Promise<void> => {
  const called = await calledModules(context);
  const gone = [...new Set(rows.map(({ address }) => moduleOf(address).replace(/^module\.([^.[]+).*$/, "$1")))].filter(
    (name) => !called.has(name),
  );
  if (gone.length === 0) return;
  const message = `the HCL of ${gone.join(", ")} is deleted: Terraform has nothing to hold these resources with`;
  throw new UserError(`${message}; this wave can no longer be given back`, {
    fix: `bring ${gone.join(", ")} back into ${paths(context).hcl} from version control, then repeat; or stay with Pulumi`,
  });
};

/** The journal, which is chained, remembers the hash of each backup; one that was exchanged as a whole shows here. */
const requireGenuine = (backup: Backup, records: readonly JournalRecord[]): void => {
  const name = `backups/${basename(backup.folder)}`;
  const known = records.find(({ step, detail }) => step === "backup" && detail?.backup === name);
  if (!known || known.detail?.sha256 === backup.sha256) return;
  throw new UserError(`backup ${backup.folder} is not the one that was written`, { fix: "use another backup" });
};

/** How to give resources back one by one, when no backup can: AWS and the ids are enough for that. */
const importCommands = (context: Checked, rows: readonly MappedResource[], snapshot: OwnershipSnapshot): string => {
  const ids = new Map(snapshot.resources.map(({ address, id }) => [address, id]));
  const { hcl, tfvars, backend } = paths(context);
  const terraform = `terraform -chdir=${hcl}`;
  return [
    `${terraform} init -reconfigure${existsSync(backend) ? ` -backend-config=${backend}` : ""}`,
    ...rows.map(({ address }) => `${terraform} import -var-file=${tfvars} '${address}' '${ids.get(address)}'`),
    `${terraform} apply -var-file=${tfvars}`,
  ].join("\n");
};

const cannot = (
  context: Checked,
  wave: string,
  reason: string,
  rows: readonly MappedResource[],
  snapshot: OwnershipSnapshot,
): UserError =>
  new UserError(`${wave} cannot be given back from a backup: ${reason}`, {
    fix: [
      `take ${wave} out of \`released\` in ${paths(context).tfvars}, import each resource, let one apply write what AWS never returns (its plan must show nothing else), then repeat:`,
      importCommands(context, rows, snapshot),
      migrate("rollback", context.environment, `--wave ${wave} --execute`),
    ].join("\n"),
  });

/**
 * The Terraform state from before the wave was cut over, from the newest backup that holds all of it.
 * @throws UserError saying why there is none, and how to do without
 */
export const savedState = async (
  context: Checked,
  wave: string,
  rows: readonly MappedResource[],
  facts: { readonly records: readonly JournalRecord[]; readonly snapshot: OwnershipSnapshot },
): Promise<RawState> => {
  const refuse = (reason: string): UserError => cannot(context, wave, reason, rows, facts.snapshot);
  try {
    for (const backup of await findBackups(paths(context).backups, "cutover", [wave])) {
      requireGenuine(backup, facts.records);
      const state = readRawState(await readBackupFile(backup, BACKUP.terraform), backup.folder);
      const held = new Set(state.resources.flatMap(addressesOf));
      if (rows.every(({ address }) => held.has(address))) return state;
    }
  } catch (error) {
    if (error instanceof UserError) throw refuse(error.message);
    throw error;
  }
  throw refuse("there is no backup of a cutover that holds it");
};
