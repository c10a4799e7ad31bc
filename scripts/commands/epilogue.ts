import type { Context } from "../lib/context";
import { Interrupted, messageOf, UserError } from "../lib/errors";
import { mask } from "../lib/masking";
import { migrate } from "../lib/paths";
import type { OwnershipSnapshot, WaveOwnership } from "../plan/types";
import type { WritingCommand } from "./session";
import { readSnapshot } from "./snapshot";

const SAYS: Record<WaveOwnership["state"], string> = {
  terraform: "Terraform owns it, Pulumi does not know it",
  adopting: "both hold it; Terraform is the writer, Pulumi's copy is protected",
  pulumi: "Pulumi owns it, Terraform has let it go",
  between: "half-way",
};

/** One line per wave, and one per problem: what is true at this moment, read from the states. */
export const describeSnapshot = (snapshot: OwnershipSnapshot): string[] => [
  ...snapshot.waves.map(({ wave, state, resources }) => `${wave} (${resources} resources): ${SAYS[state]}`),
  ...snapshot.problems.map(({ message }) => `! ${message}`),
];

const nowOf = async (context: Context): Promise<string[]> => {
  try {
    return describeSnapshot(await readSnapshot(context));
  } catch (error) {
    return [`what is true now could not be read: ${mask(messageOf(error)).split("\n")[0]}`];
  }
};

const asUserError = (error: unknown): UserError =>
  error instanceof UserError ? error : new UserError(messageOf(error), { cause: error });

/**
 * Runs a writing command. When it stops half-way, the error says what is true now and which command to give next: the
 * same one again, since every step can be repeated.
 */
export const sayingWhatIsTrue = async <T>(
  context: Context,
  again: { readonly command: WritingCommand; readonly rest: string },
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    const error = asUserError(thrown);
    const same = migrate(again.command, context.environment, again.rest);
    // An interrupted process may start no tool any more, so it cannot ask them.
    const now = error instanceof Interrupted ? [] : await nowOf(context);
    const look = error instanceof Interrupted ? `${migrate("status", context.environment)}\nthen ` : "";
    const fix = error.fix?.includes(same) ? error.fix : [error.fix, `${look}${same}`].filter(Boolean).join("\nthen ");
    throw error.withMore({ fix, now });
  }
};
