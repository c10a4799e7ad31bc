import { UserError } from "../lib/errors";
import { migrate } from "../lib/paths";
import type { OwnershipSnapshot, WaveOwnership, WaveState } from "../plan/types";
import type { WritingCommand } from "./session";

/** @throws UserError listing the known waves */
export const requireWave = (wave: string, known: readonly string[]): void => {
  if (wave === "all" || known.includes(wave)) return;
  throw new UserError(`unknown wave "${wave}"`, { fix: `use --wave with one of: ${known.join(", ")}, all` });
};

/** The state in which a command has nothing left to do for a wave. */
const FINAL: Record<WritingCommand | "plan", WaveState> = {
  plan: "pulumi",
  adopt: "pulumi",
  cutover: "pulumi",
  rollback: "terraform",
};

/** `all` means every wave that is not there yet, in the order of the map. */
export const chooseWaves = (
  wave: string,
  command: WritingCommand | "plan",
  snapshot: OwnershipSnapshot,
): readonly string[] => {
  if (wave !== "all") return [wave];
  return snapshot.waves.filter(({ state }) => state !== FINAL[command]).map((each) => each.wave);
};

const orderError = (what: string, blocker: WaveOwnership, next: string, environment: string): UserError =>
  new UserError(`${what} while ${blocker.wave} ${describe(blocker.state)}`, {
    fix: migrate(next, environment, `--wave ${blocker.wave} --execute`),
  });

const describe = (state: WaveState): string =>
  ({
    terraform: "is Terraform's",
    adopting: "is adopted and not cut over",
    pulumi: "is Pulumi's",
    between: "is half-way",
  })[state];

const nextToward: Record<WaveState, string> = {
  terraform: "adopt",
  adopting: "cutover",
  pulumi: "verify",
  between: "cutover",
};

/**
 * Consumers leave first and come back last.
 * @throws UserError with the command that has to come before
 */
export const requireOrder = (
  command: WritingCommand | "plan",
  waves: readonly string[],
  snapshot: OwnershipSnapshot,
): void => {
  const { environment } = snapshot;
  const first = snapshot.waves.findIndex(({ wave }) => waves.includes(wave));
  const last = snapshot.waves.findLastIndex(({ wave }) => waves.includes(wave));
  const subject = `${waves.join(", ")} cannot be ${{ plan: "planned", adopt: "adopted", cutover: "cut over", rollback: "given back" }[command]}`;
  if (command === "rollback") {
    const later = snapshot.waves.slice(last + 1).findLast(({ state }) => state !== "terraform");
    if (later) throw orderError(subject, later, "rollback", environment);
    return;
  }
  const earlier = snapshot.waves.slice(0, Math.max(first, 0)).find(({ state }) => state !== "pulumi");
  if (!earlier) return;
  // A wave must be planned before it is adopted; the plan is what a person reads.
  if (earlier.state === "terraform") {
    const fix = migrate("plan", environment, `--wave ${earlier.wave}`);
    throw new UserError(`${subject} while ${earlier.wave} ${describe(earlier.state)}`, { fix });
  }
  throw orderError(subject, earlier, nextToward[earlier.state], environment);
};

/** The modules that a side lists once these waves have moved: always a beginning of the order. */
export const listUpTo = (order: readonly string[], waves: readonly string[]): readonly string[] =>
  order.slice(0, Math.max(-1, ...waves.map((wave) => order.indexOf(wave))) + 1);

/** The modules that are listed once these waves have been given back. */
export const listBefore = (order: readonly string[], waves: readonly string[]): readonly string[] =>
  order.slice(0, Math.min(order.length, ...waves.map((wave) => order.indexOf(wave))));

/** The commands that give these waves back, last first: each command takes one wave. */
export const givingBack = (environment: string, waves: readonly string[]): string =>
  [...waves]
    .reverse()
    .map((wave) => migrate("rollback", environment, `--wave ${wave} --execute`))
    .join(", then ");
