import * as assert from "node:assert/strict";
import { test } from "uvu";
import { isAtLeast, parseVersion } from "./versions";

test("a version is read from what programs print", () => {
  assert.deepEqual(parseVersion("v3.259.0"), [3, 259, 0]);
  assert.deepEqual(parseVersion("go version go1.26.8 linux/amd64"), [1, 26, 8]);
  assert.deepEqual(parseVersion("go version go1.27rc1 darwin/arm64"), [1, 27, 0]);
  assert.equal(parseVersion("no version"), undefined);
});

test("versions compare by number and not by text", () => {
  assert.ok(isAtLeast("3.230.0", "3.230.0"));
  assert.ok(isAtLeast("v3.1000.0", "3.230.0"));
  assert.ok(isAtLeast("4.0.0", "3.230.9"));
  assert.ok(!isAtLeast("3.99.9", "3.230.0"));
  assert.ok(!isAtLeast("2.999.0", "3.230.0"));
  assert.ok(!isAtLeast("", "3.230.0"));
});

test.run();
