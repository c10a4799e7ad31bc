import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "uvu";
import { copyTerraform, initialise, terraformIn } from "../testing/terraform";
import mapping from "./provider-mapping.json";
import { readProviderSets } from "./provider-sets";
import committed from "./provider-sets.json";

test("the committed sets are those of Terraform's own provider", async () => {
  const folder = await mkdtemp(join(tmpdir(), "provider-sets-"));
  try {
    // The schema is read from the provider's binary: nothing listens at this endpoint, and nothing is asked of it.
    const copy = await copyTerraform({
      from: resolve(__dirname, "../.."),
      to: folder,
      handlerZip: "",
      endpoint: "http://127.0.0.1:9",
      region: "us-east-1",
      dataFolder: join(folder, "data"),
    });
    const terraform = terraformIn(copy);
    await initialise(terraform);
    const { stdout } = await terraform("providers", "schema", "-json", "-no-color");
    const live = readProviderSets(JSON.parse(stdout), committed.provider, Object.keys(mapping.resources));
    assert.deepEqual(live, committed);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.run();
