import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildPlan } from "./build-plan";
import { identifyState, readInventory } from "./inventory";
import { readMap } from "./map";
import { providerMapping } from "./mapping-files";
import { readPreview } from "./preview";
import { ids } from "./testing/pipeline";

/** Measures one size in a process of its own, since peak memory belongs to a process. Prints one line of JSON. */
const folder = process.argv[2] ?? ".";
const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const hash = { sha256: "0".repeat(64) };

const began = performance.now();
const cpu = process.cpuUsage();
const inventory = readInventory(read("show"), "show");
const terraform = identifyState(read("pull"), "pull");
const inventoried = performance.now();
const map = readMap(read("map"), "map");
const { registered } = readPreview(read("preview"));
const mapped = performance.now();
const { document, findings } = buildPlan({
  map,
  mapping: providerMapping(),
  inventory,
  registered,
  environment: "dev",
  waves: ["speech"],
  released: [],
  owned: ["speech"],
  home: { account: ids.account, region: "us-east-1" },
  sources: { terraform, pulumi: hash, map: hash, program: hash, handler: hash, gitCommit: "" },
  created: "2026-01-01T00:00:00.000Z",
});
const ended = performance.now();
const { user, system } = process.cpuUsage(cpu);

if (!document) throw new Error(`the generated state has findings: ${JSON.stringify(findings.slice(0, 3))}`);
const result = {
  resources: document.resources.length,
  inventoryMs: inventoried - began,
  readMapMs: mapped - inventoried,
  planMs: ended - mapped,
  totalMs: ended - began,
  cpuMs: (user + system) / 1000,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(`${JSON.stringify(result)}\n`);
