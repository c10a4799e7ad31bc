import { exitCodeOf, messageOf } from "../../lib/errors";
import { writeJson } from "../../lib/files";
import { createProgress } from "../../lib/progress";
import { findAwsProvider } from "./aws-provider";
import { MAPPING_FILE, readLiveMapping, typesInUse } from "./mapping-file";
import { cacheRoot } from "./toolchain/cache";
import { buildBridge } from "./toolchain/toolchain";

/**
 * Writes scripts/plan/provider-mapping.json from the live plugin:
 * `npx tsx scripts/rehearsal/engine/update-mapping.ts [aws_sqs_queue …]`; without arguments for the migration map's types.
 */
const update = async (wanted: readonly string[]): Promise<void> => {
  const progress = createProgress();
  const types = wanted.length > 0 ? wanted : await typesInUse();
  const bridge = await buildBridge({ progress, env: process.env, cacheRoot: cacheRoot(process.env) });
  const mapping = await progress.step("the plugin's names", () =>
    readLiveMapping(bridge, findAwsProvider([], process.env), types, process.env),
  );
  await writeJson(MAPPING_FILE, mapping);
  progress.note(`${MAPPING_FILE}: ${types.length} types`);
};

update(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = exitCodeOf(error);
});
