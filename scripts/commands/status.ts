import { type Checked, type Context, preflight } from "../lib/context";
import { describeHolder, type Holder, readLocalLock } from "../lib/lock";
import { migrate, paths } from "../lib/paths";
import { readRemoteLock } from "../lib/remote-lock";
import type { Finding, OwnershipSnapshot } from "../plan/types";
import { describeSnapshot } from "./epilogue";
import { provePulumi, proveTerraformClean } from "./proofs";
import { loadMap, readJournalOf, readStates, type States } from "./reading";
import { onRemote } from "./remote";
import { done, type Result } from "./result";
import { snapshotOf } from "./snapshot";

export interface StatusOptions {
  /** Ask AWS, through both tools, whether anything differs from what they say. */
  readonly drift: boolean;
}

export interface Status extends OwnershipSnapshot {
  /** Per resource address: what either tool would change now. Absent when it was not asked. */
  readonly drift?: Readonly<Record<string, readonly string[]>>;
  readonly lock?: Holder;
  /** Why the journal cannot be trusted; empty when it can. What is shown comes from the states either way. */
  readonly journalDamage: string;
}

const aboutResource = (snapshot: OwnershipSnapshot, findings: readonly Finding[]): Record<string, string[]> => {
  const entries = snapshot.resources.map(({ address, urn }) => {
    const own = findings.filter(({ message }) => message.startsWith(`${address}:`) || message.startsWith(`${urn}:`));
    return [address, own.map(({ message }) => message)] as const;
  });
  const known = new Set(entries.flatMap(([, messages]) => messages));
  const rest = findings.map(({ message }) => message).filter((message) => !known.has(message));
  return Object.fromEntries([...entries, ...(rest.length > 0 ? [["(elsewhere)", rest] as const] : [])]);
};

const driftOf = async (context: Checked, snapshot: OwnershipSnapshot, states: States) => {
  const [terraform, pulumi] = await Promise.all([
    proveTerraformClean(context),
    states.pulumi.text === "" ? [] : provePulumi(context),
  ]);
  return aboutResource(snapshot, [...terraform, ...pulumi]);
};

/** Nothing moves while something drifts, so that is settled first: `verify` shows it with the values of both sides. */
const nextBefore = (snapshot: OwnershipSnapshot, drift: Status["drift"]): string =>
  Object.values(drift ?? {}).flat().length > 0 ? migrate("verify", snapshot.environment) : snapshot.next;

const driftCell = (status: Status, address: string): string => {
  if (!status.drift) return "not asked";
  const count = status.drift[address]?.length ?? 0;
  return count === 0 ? "none" : `${count}`;
};

/** Plain columns: a table without lines can be read aloud, searched and pasted into a ticket. */
const table = (status: Status): string => {
  const rows = [
    ["wave", "resource", "id", "owner", "writer", "drift"],
    ...status.resources.map(({ wave, address, id, owner, writer }) => [
      wave,
      address,
      id,
      owner === "none" ? "NONE" : owner,
      writer,
      driftCell(status, address),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
};

const describe = (status: Status): string =>
  [
    `${status.environment}: ${status.stage} of ${status.waves.length} waves cut over`,
    table(status),
    ...describeSnapshot(status),
    ...Object.values(status.drift ?? {})
      .flat()
      .map((message) => `! ${message}`),
    ...(status.lock ? [`! ${describeHolder(status.lock)}`] : []),
    ...(status.journalDamage ? [`! the journal cannot be trusted: ${status.journalDamage}`] : []),
    "",
    status.next ? `next:  ${status.next}` : "everything has moved; there is no next command",
  ].join("\n");

/** Who owns what, and the exact next command, from the states themselves. Changes nothing, waits for nobody. */
export const status = async (context: Context, { drift }: StatusOptions): Promise<Result<Status>> => {
  const checked = await preflight(context);
  const states = await readStates(checked);
  const snapshot = await snapshotOf(checked, await loadMap(), states);
  const [local, remote, journal] = await Promise.all([
    readLocalLock(paths(checked).lock),
    onRemote(checked, readRemoteLock),
    readJournalOf(checked),
  ]);
  const lock = local ?? remote;
  const drifted = drift ? await driftOf(checked, snapshot, states) : undefined;
  const found: Status = {
    ...snapshot,
    next: nextBefore(snapshot, drifted),
    ...(drifted ? { drift: drifted } : {}),
    ...(lock ? { lock } : {}),
    journalDamage: journal.damage,
  };
  return done(describe(found), found);
};
