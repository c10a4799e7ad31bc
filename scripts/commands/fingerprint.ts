import type { JournalRecord } from "../lib/journal";
import type { States } from "./reading";

/** Names both states as they are, for the journal. */
export const fingerprint = ({ terraform, pulumi }: States): { terraform: string; pulumi: string } => ({
  terraform: terraform.identity.sha256,
  pulumi: pulumi.checkpoint.sha256,
});

/**
 * Whether every property of these waves was compared with both states exactly as they are now. Comparing again could only
 * say the same; that AWS is still so is for the two tools to say.
 */
export const isVerified = (records: readonly JournalRecord[], waves: readonly string[], states: States): boolean => {
  const now = fingerprint(states);
  return waves.every((wave) =>
    records.some(
      ({ event, waves: own, detail }) =>
        event === "verified" &&
        own.includes(wave) &&
        detail?.terraform === now.terraform &&
        detail?.pulumi === now.pulumi,
    ),
  );
};
