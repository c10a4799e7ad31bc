import { Readable } from "node:stream";
import { SynthesizeSpeechCommand } from "@aws-sdk/client-polly";
import { HeadObjectCommand, PutObjectCommand, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { Clients } from "../src/clients";
import type { FailedRecord } from "../src/failed";
import { spoken } from "./audio";
import { refusal } from "./bucket";

export const serviceError = (name: string, httpStatusCode: number): Error =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

/** What goes wrong with one call; `after`: the call has its effect, and only its answer is lost. */
export interface Fault {
  readonly when: "before" | "after";
  readonly error: Error;
}

export interface MemoryOptions {
  /** Called for every call of a service. */
  readonly fault?: (
    service: "polly" | "s3" | "sqs",
    command: unknown,
  ) => Fault | undefined | Promise<Fault | undefined>;
  readonly mayList?: boolean;
}

export interface Write {
  readonly key: string;
  readonly sequence: string;
  readonly body: Uint8Array;
}

/** The three clients without a network, for tests that need thousands of calls. The same rules as the loopback stand-ins. */
export const createMemory = (options: MemoryOptions = {}) => {
  const objects = new Map<string, { body: Uint8Array; etag: string; metadata: Record<string, string> }>();
  const writes: Write[] = [];
  const queue: FailedRecord[] = [];

  const put = ({ Key = "", Body, Metadata = {}, IfMatch, IfNoneMatch }: PutObjectCommandInput) => {
    const refused = refusal(IfMatch, IfNoneMatch, objects.get(Key)?.etag);
    if (refused !== undefined) throw serviceError(refused === 412 ? "PreconditionFailed" : "NoSuchKey", refused);
    const body = Body as Uint8Array;
    objects.set(Key, { body, etag: `"${writes.length}"`, metadata: Metadata });
    writes.push({ key: Key, sequence: Metadata["sequence-number"] ?? "", body });
    return {};
  };

  const head = (key = "") => {
    const found = objects.get(key);
    if (found === undefined) throw serviceError("NotFound", options.mayList === true ? 404 : 403);
    return { ETag: found.etag, Metadata: found.metadata };
  };

  const effects = (command: unknown): unknown => {
    if (command instanceof SynthesizeSpeechCommand)
      return { AudioStream: Readable.from([spoken(command.input.Text ?? "")]) };
    if (command instanceof HeadObjectCommand) return head(command.input.Key);
    if (command instanceof PutObjectCommand) return put(command.input);
    return queue.push(JSON.parse((command as SendMessageCommand).input.MessageBody ?? "") as FailedRecord);
  };

  const client = (service: "polly" | "s3" | "sqs") => ({
    send: async (command: unknown) => {
      const fault = await options.fault?.(service, command);
      if (fault?.when === "before") throw fault.error;
      const answer = effects(command);
      if (fault !== undefined) throw fault.error;
      return answer;
    },
  });
  const clients = { polly: client("polly"), s3: client("s3"), sqs: client("sqs") } as unknown as Clients;
  return { clients, objects, writes, queue };
};
