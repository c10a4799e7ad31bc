import { join } from "node:path";
import { writeFileAtomic } from "../../lib/files";
import { handleSignals, run } from "../../lib/processes";
import { createProgress } from "../../lib/progress";
import { withEmulator } from "../emulated";
import { applyAndShow } from "./applied";
import { fixturePath } from "./shown";
import { ROOT } from "./sides";

const FORMATTER = join(ROOT, "node_modules", ".bin", "biome");

/** Writes the answers of the real Terraform anew, after a change of the HCL: `npx tsx scripts/testing/parity/record.ts`. */
const record = async (): Promise<void> => {
  handleSignals();
  const progress = createProgress();
  await withEmulator({}, async ({ emulator, folder }) => {
    await Promise.all(
      ["dev", "prod"].map((environment) =>
        progress.step(`apply and show ${environment}`, async () => {
          const { normalised } = await applyAndShow(environment, emulator.endpoint, folder);
          await writeFileAtomic(fixturePath(environment), normalised);
          await run(FORMATTER, ["format", "--write", fixturePath(environment)], { env: process.env });
        }),
      ),
    );
  });
};

void record();
