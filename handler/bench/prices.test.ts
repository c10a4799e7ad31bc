import assert from "node:assert/strict";
import { test } from "uvu";
import { costOfMillionRequests } from "./prices";

test("the cost of a million requests, as reckoned by hand", () => {
  const usage = { seconds: 1, records: 100, heads: 1, puts: 1, logBytes: 200 };
  // 10,000 invocations: 0.002 USD; 5,000 GB-seconds: 0.0667; a million PUT: 5.00, HEAD: 0.40; 0.2 GB of logs: 0.10.
  assert.equal(costOfMillionRequests(usage).toFixed(4), (0.002 + 0.0667 + 5 + 0.4 + 0.1).toFixed(4));
});

test("what is not done costs nothing", () => {
  const idle = { seconds: 0, records: 1, heads: 0, puts: 0, logBytes: 0 };
  assert.equal(costOfMillionRequests(idle).toFixed(4), "0.2000");
});

test.run();
