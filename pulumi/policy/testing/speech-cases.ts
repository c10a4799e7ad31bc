import { TYPES } from "../rules";
import type { Cases } from "./pipeline";

const { function: lambda, logGroup, mapping, queue, role, table } = TYPES;

const stream = (name: string, label = "2026-01-01T00:00:00.000"): string =>
  `arn:aws:dynamodb:us-east-1:111111111111:table/${name}/stream/${label}`;

export const speechCases: Cases = {
  "table-streams-new-image": [
    { broken: "no stream", by: (p) => p.set(table, { streamEnabled: false }), says: /streamEnabled/ },
    { broken: "keys alone", by: (p) => p.set(table, { streamViewType: "KEYS_ONLY" }), says: /KEYS_ONLY/ },
    { broken: "the old text too", by: (p) => p.set(table, { streamViewType: "NEW_AND_OLD_IMAGES" }), says: /AND_OLD/ },
  ],
  "mapping-reads-this-table": [
    { broken: "prod's table", by: (p) => p.set(mapping, { eventSourceArn: stream("prod-ttsslsguru") }), says: /prod-/ },
    {
      broken: "an older stream",
      by: (p) => p.set(mapping, { eventSourceArn: stream("ttsslsguru", "2020") }),
      says: /2020/,
    },
    {
      broken: "another region",
      by: (p) => p.set(mapping, { eventSourceArn: stream("ttsslsguru").replace("us-east-1", "eu-west-1") }),
      says: /eu-west-1/,
    },
  ],
  "function-has-time": [
    { broken: "29 seconds", by: (p) => p.set(lambda, { timeout: 29 }), says: /timeout is 29/ },
    { broken: "AWS's default", by: (p) => p.set(lambda, { timeout: undefined }), says: /timeout is missing/ },
  ],
  "named-inside-the-environment": [
    { broken: "prod's role", by: (p) => p.set(role, { name: "prod-ttsslsguru-speak" }), says: /prod-ttsslsguru-speak/ },
    { broken: "a name left to chance", by: (p) => p.set(queue, { name: undefined }), says: /name is missing/ },
    { broken: "a name that only begins alike", by: (p) => p.set(queue, { name: "ttsslsgurus" }), says: /ttsslsgurus/ },
    { broken: "another log", by: (p) => p.set(logGroup, { name: "/aws/lambda/other" }), says: /lambda\/other/ },
  ],
};
