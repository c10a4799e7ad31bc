import type { Clients } from "./clients";
import type { Config } from "./config";
import { createFailedQueue } from "./failed";
import { Gate, type GateOptions } from "./gate";
import { createHandler, type Handler } from "./handler";
import { gateFor } from "./limits";
import { type WriteLine, writeLine } from "./log";
import type { RetryOptions } from "./retry";
import { createSpeaker } from "./speech";
import { createStore } from "./store";

export interface AssembleOptions {
  readonly gate?: GateOptions;
  readonly retries?: RetryOptions;
  readonly write?: WriteLine;
}

/** The handler with all its parts. One gate for all invocations of this process: what it learned of Polly's limit stays. */
export const assemble = (config: Config, clients: Clients, options: AssembleOptions = {}): Handler => {
  const { gate = gateFor(config.engine), retries, write = writeLine } = options;
  return createHandler({
    config,
    speaker: createSpeaker(clients.polly, new Gate(gate), config, retries),
    store: createStore(clients.s3, config, retries),
    failed: createFailedQueue(clients.sqs, config, retries),
    write,
  });
};
