import { TYPES } from "../rules";
import type { Cases } from "./pipeline";

const { bucket, table } = TYPES;

export const statefulCases: Cases = {
  "data-is-protected": [
    {
      broken: "a table without protection",
      by: (p) => {
        p.part(table).opts.protect = false;
      },
      says: /protect must be true/,
    },
    {
      broken: "a bucket without protection",
      by: (p) => {
        p.part(bucket).opts.protect = false;
      },
      says: /protect must be true/,
    },
  ],
  "table-is-not-replaced": [
    { broken: "another name", by: (p) => p.set(table, { name: "ttsslsguru-2" }), says: /name is ttsslsguru-2/ },
    { broken: "no name", by: (p) => p.set(table, { name: undefined }), says: /name is missing/ },
    { broken: "another key", by: (p) => p.set(table, { hashKey: "Key" }), says: /hashKey is Key/ },
    { broken: "a second key", by: (p) => p.set(table, { rangeKey: "At" }), says: /rangeKey is At/ },
    {
      broken: "a key that is text",
      by: (p) => p.set(table, { attributes: [{ name: "Id", type: "S" }] }),
      says: /type S/,
    },
  ],
  "bucket-is-not-replaced": [
    { broken: "another name", by: (p) => p.set(bucket, { bucket: "ttsslsguru-sound" }), says: /ttsslsguru-sound/ },
    { broken: "no name", by: (p) => p.set(bucket, { bucket: undefined }), says: /missing/ },
    { broken: "locked objects", by: (p) => p.set(bucket, { objectLockEnabled: true }), says: /objectLockEnabled/ },
  ],
  "data-survives-mistakes": [
    {
      broken: "a table that AWS protects by default, which is not at all",
      by: (p) => p.set(table, { deletionProtectionEnabled: undefined }),
      says: /deletionProtection/,
    },
    {
      broken: "a table to delete",
      by: (p) => p.set(table, { deletionProtectionEnabled: false }),
      says: /deletionProtection/,
    },
    {
      broken: "no way back",
      by: (p) => p.set(table, { pointInTimeRecovery: { enabled: false } }),
      says: /pointInTime/,
    },
    { broken: "a bucket to empty", by: (p) => p.set(bucket, { forceDestroy: true }), says: /forceDestroy/ },
  ],
  "data-stays-in-the-stack": [
    { broken: "no table", by: (p) => p.drop(table), says: /holds 0 of the table; expected 1/ },
    { broken: "no bucket", by: (p) => p.drop(bucket), says: /holds 0 of the bucket; expected 1/ },
    { broken: "a second table", by: (p) => p.add(table, {}), says: /holds 2 of the table/ },
  ],
};
