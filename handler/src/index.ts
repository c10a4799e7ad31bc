import { createClients } from "./clients";
import { readConfig } from "./config";
import { createFailedQueue } from "./failed";
import { Gate, type GateOptions } from "./gate";
import { createHandler } from "./handler";
import { writeLine } from "./log";
import { createSpeaker } from "./speech";
import { createStore } from "./store";

/**
 * Nine tenths of what Polly takes from an account (calls per second), and so few at once that the rate, not the queue inside of Polly,
 * is the limit. One shard runs one invocation at a time, so these are the account's figures as long as the table has one.
 */
const GATES: Readonly<Record<string, GateOptions>> = {
  standard: { concurrent: 12, perSecond: 72, burst: 12 },
};
const SLOW: GateOptions = { concurrent: 6, perSecond: 7, burst: 6 };

const config = readConfig(process.env);
const clients = createClients();

export const handler = createHandler({
  config,
  speaker: createSpeaker(clients.polly, new Gate(GATES[config.engine] ?? SLOW), config),
  store: createStore(clients.s3, config),
  failed: createFailedQueue(clients.sqs, config),
  write: writeLine,
});
