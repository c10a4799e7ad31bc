import { migrate } from "../lib/paths";
import { componentUrn, resourceUrn } from "./build-plan";
import { checkAgainstInventory } from "./inventory-check";
import type {
  Checkpoint,
  Finding,
  Inventory,
  JournalSummary,
  MappedResource,
  MigrationMap,
  OwnedResource,
  OwnershipSnapshot,
  PulumiResource,
  WaveOwnership,
  WaveState,
} from "./types";

export interface OwnershipInput {
  readonly environment: string;
  readonly map: MigrationMap;
  readonly inventory: Inventory;
  readonly checkpoint: Checkpoint;
  /** Terraform's variable `released`. */
  readonly released: readonly string[];
  /** The stack's configuration `owns`. */
  readonly owned: readonly string[];
  readonly journal: JournalSummary;
}

interface Sides {
  readonly terraformId: string | undefined;
  readonly pulumi: PulumiResource | undefined;
}

interface Held extends Sides {
  readonly row: MappedResource;
  readonly resource: OwnedResource;
}

const ownerOf = ({ terraformId, pulumi }: Sides): OwnedResource["owner"] => {
  if (terraformId !== undefined) return pulumi ? "both" : "terraform";
  return pulumi ? "pulumi" : "none";
};

/** While both hold a resource, Terraform writes: Pulumi's copy is protected and its program changes nothing. */
const writerOf = (owner: OwnedResource["owner"]): OwnedResource["writer"] => (owner === "both" ? "terraform" : owner);

const hold = (input: OwnershipInput): Held[] => {
  const terraform = new Map(
    input.inventory.resources.map(({ address, attributes }) => [address, String(attributes.id ?? "")]),
  );
  const pulumi = new Map(input.checkpoint.resources.map((resource) => [resource.urn, resource]));
  return input.map.resources.map((row) => {
    const urn = resourceUrn(input, row);
    const sides: Sides = { terraformId: terraform.get(row.address), pulumi: pulumi.get(urn) };
    const owner = ownerOf(sides);
    const { address, terraformType, type, wave } = row;
    const id = sides.terraformId ?? sides.pulumi?.id ?? "";
    return { ...sides, row, resource: { address, urn, terraformType, type, id, wave, owner, writer: writerOf(owner) } };
  });
};

const stateOf = (held: readonly Held[], released: boolean, owned: boolean): WaveState => {
  const all = (owner: OwnedResource["owner"]): boolean => held.every(({ resource }) => resource.owner === owner);
  if (all("terraform") && !released && !owned) return "terraform";
  if (all("both") && !released && owned) return "adopting";
  if (all("pulumi") && released && owned) return "pulumi";
  return "between";
};

const waveOwnership = (input: OwnershipInput, held: readonly Held[]): WaveOwnership[] =>
  input.map.waves.map((wave) => {
    const own = held.filter(({ row }) => row.wave === wave);
    const [released, owned] = [input.released.includes(wave), input.owned.includes(wave)];
    return { wave, state: stateOf(own, released, owned), released, owned, resources: own.length };
  });

/** The command that brings a wave out of a half-way state: the one that stopped, as far as the states show it. */
const recovery = (
  { environment, journal }: OwnershipInput,
  { wave, released }: WaveOwnership,
  held: readonly Held[],
): string => {
  const { unfinished } = journal;
  if (unfinished?.wave === wave) return migrate(unfinished.command, environment, `--wave ${wave}`);
  const begun = released || held.some(({ row, resource }) => row.wave === wave && resource.owner === "pulumi");
  return migrate(begun ? "cutover" : "adopt", environment, `--wave ${wave}`);
};

const resourceProblems = (
  input: OwnershipInput,
  { row, resource, terraformId, pulumi }: Held,
  wave: WaveOwnership,
  held: readonly Held[],
): Finding[] => {
  const problems: Finding[] = [];
  if (resource.owner === "none") {
    problems.push({
      category: "no-owner",
      message: `${row.address} / ${resource.urn} is in neither state: nobody owns it`,
      fix: `Restore the newest backup below .migration/${input.environment}/backups, or run: ${recovery(input, wave, held)}`,
    });
  }
  if (terraformId !== undefined && pulumi && pulumi.id !== terraformId) {
    problems.push({
      category: "difference",
      message: `${row.address} is ${terraformId} in Terraform and ${resource.urn} is ${pulumi.id} in Pulumi: two physical resources`,
      fix: `Give the wave back and adopt it again: ${migrate("rollback", input.environment, `--wave ${row.wave}`)}`,
    });
  }
  if (resource.owner === "both" && pulumi && !pulumi.protect) {
    problems.push({
      category: "difference",
      message: `${resource.urn} is not protected while Terraform still owns ${row.address}: there could be two writers`,
      fix: `Repeat the adoption, which protects it: ${migrate("adopt", input.environment, `--wave ${row.wave}`)}`,
    });
  }
  return problems;
};

const RANK: Readonly<Record<WaveState, number>> = { terraform: 0, between: 1, adopting: 1, pulumi: 2 };

/** No wave may be ahead of one that must move before it. */
const orderProblems = (input: OwnershipInput, waves: readonly WaveOwnership[]): Finding[] =>
  waves.flatMap((wave, index) => {
    const before = waves[index - 1];
    if (!before || RANK[wave.state] <= RANK[before.state]) return [];
    return [
      {
        category: "order",
        message: `wave ${wave.wave} is ahead (${wave.state}) of wave ${before.wave} (${before.state}), which must move before it`,
        fix: `Give it back first: ${migrate("rollback", input.environment, `--wave ${wave.wave}`)}`,
      },
    ];
  });

const betweenProblems = (input: OwnershipInput, waves: readonly WaveOwnership[], held: readonly Held[]): Finding[] =>
  waves
    .filter(({ state }) => state === "between")
    .map((wave) => {
      const own = held.filter(({ row }) => row.wave === wave.wave).map(({ resource }) => resource.owner);
      const counts = [...new Set(own)].map((owner) => `${own.filter((other) => other === owner).length} ${owner}`);
      return {
        category: "pending",
        message: `wave ${wave.wave} is half-way: ${counts.join(", ")}; released ${wave.released ? "yes" : "no"}, owned by the stack ${wave.owned ? "yes" : "no"}`,
        fix: recovery(input, wave, held),
      };
    });

const checkpointProblems = (input: OwnershipInput): Finding[] => {
  const known = new Set([
    ...input.map.resources.map((row) => resourceUrn(input, row)),
    ...input.map.components.map((component) => componentUrn(input, component)),
  ]);
  const strangers = input.checkpoint.resources.filter(({ urn, custom }) => custom && !known.has(urn));
  return [
    ...input.checkpoint.pending.map(
      ({ urn, type }): Finding => ({
        category: "pending",
        message: `Pulumi's state has an unfinished operation: ${type} ${urn}`,
        fix: "Repeat the command that was interrupted; the next complete checkpoint clears it.",
      }),
    ),
    ...strangers.map(
      ({ urn }): Finding => ({
        category: "extra",
        message: `${urn} is in Pulumi's state and not in the map`,
        fix: "Add it to scripts/migration-map.yaml, or remove it from the stack.",
      }),
    ),
  ];
};

/** Resources of Terraform that the map does not know, or knows otherwise. What is missing is said per resource. */
const inventoryProblems = ({ map, inventory }: OwnershipInput): Finding[] =>
  checkAgainstInventory(map, inventory, []).filter(({ category }) => category !== "missing");

const nextCommand = (
  input: OwnershipInput,
  waves: readonly WaveOwnership[],
  held: readonly Held[],
  problems: readonly Finding[],
): string => {
  const { journal, environment } = input;
  if (journal.unfinished) return migrate(journal.unfinished.command, environment, `--wave ${journal.unfinished.wave}`);
  const ahead = problems.find(({ category }) => category === "order");
  if (ahead) return ahead.fix.replace(/^Give it back first: /, "");
  const wave = waves.find(({ state }) => state !== "pulumi");
  if (!wave) return "";
  if (wave.state === "between") return recovery(input, wave, held);
  const [begin, go, ready] =
    wave.state === "terraform"
      ? (["plan", "adopt", journal.planned] as const)
      : (["verify", "cutover", journal.verified] as const);
  return migrate(ready.includes(wave.wave) ? go : begin, environment, `--wave ${wave.wave}`);
};

/** Who owns what in one environment, from both states and the two lists that say who should. Read-only. */
export const ownershipOf = (input: OwnershipInput): OwnershipSnapshot => {
  const held = hold(input);
  const waves = waveOwnership(input, held);
  const byName = new Map(waves.map((wave) => [wave.wave, wave]));
  const problems = [
    ...held.flatMap((each) => {
      const wave = byName.get(each.row.wave);
      return wave ? resourceProblems(input, each, wave, held) : [];
    }),
    ...betweenProblems(input, waves, held),
    ...orderProblems(input, waves),
    ...checkpointProblems(input),
    ...inventoryProblems(input),
  ];
  return {
    version: 1,
    environment: input.environment,
    stage: waves.filter(({ state }) => state === "pulumi").length,
    waves,
    resources: held.map(({ resource }) => resource),
    problems,
    next: nextCommand(input, waves, held, problems),
  };
};
