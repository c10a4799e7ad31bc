import { existsSync } from "node:fs";
import type { Checked, Context } from "../lib/context";
import { UserError } from "../lib/errors";
import { migrate, paths } from "../lib/paths";
import { movedSince } from "../plan/document";
import { loadPlan } from "../plan/document-file";
import type { Finding, MigrationMap, PlanDocument } from "../plan/types";
import type { States } from "./reading";
import { sourcesNow } from "./sources";

/** The reviewed document of a wave. @throws UserError when there is none, or when somebody touched it */
export const loadDocument = async (context: Context, wave: string): Promise<PlanDocument> => {
  const files = paths(context);
  const again = migrate("plan", context.environment, `--wave ${wave}`);
  if (!existsSync(files.plan(wave))) {
    throw new UserError(`there is no plan document for wave ${wave} of ${context.environment}`, { fix: again });
  }
  try {
    return await loadPlan(files.migration, `${wave}.plan.json`);
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.message, { fix: again, cause: error });
    throw error;
  }
};

/** Parts of a document's sources that the command itself has moved, or is about to. */
export type Expected = "content of Pulumi's state" | "git commit" | "Terraform's state";

const isExpected = ({ message }: Finding, expected: readonly Expected[]): boolean =>
  expected.some((part) =>
    part === "Terraform's state" ? /^(serial|content) of Terraform's state/.test(message) : message.startsWith(part),
  );

/** @throws UserError naming everything that moved since the document was made */
export const requireUnmoved = async (
  context: Checked,
  document: PlanDocument,
  facts: { readonly map: MigrationMap; readonly states: States; readonly wave: string },
  expected: readonly Expected[],
): Promise<void> => {
  const now = await sourcesNow(context, facts.map, facts.states);
  const moved = movedSince(document, now).filter((finding) => !isExpected(finding, expected));
  if (moved.length === 0) return;
  const lines = moved.map(({ message }) => message);
  throw new UserError(`something moved since the plan was made; nothing was changed:\n${lines.join("\n")}`, {
    fix: `make a new plan and have it reviewed: ${migrate("plan", context.environment, `--wave ${facts.wave}`)}`,
  });
};
