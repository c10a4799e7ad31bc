import { createHash } from "node:crypto";
import { HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Config } from "./config";
import { Contention, Misconfigured, statusOf } from "./errors";
import type { Position, Request } from "./record";
import { type RetryOptions, withRetries } from "./retry";
import type { Time } from "./time";

/** What stands in the bucket under a key. `unknown`: the role may not list the bucket, so a missing key looks forbidden. */
export type Stored =
  | { readonly kind: "absent" | "unknown" }
  | { readonly kind: "present"; readonly etag: string; readonly hash: string; readonly position: Position | undefined };

export type Decision = "write" | "same" | "newer";

/** What happened to a request: stored, or not needed because the same or something newer stands there. */
export type Outcome = "stored" | Exclude<Decision, "write">;

export interface Store {
  /** Makes the object be the audio of this request, or of a newer one. `speak` is called at most once, and only if needed. */
  put(request: Request, speak: () => Promise<Uint8Array>, time: Time): Promise<Outcome>;
}

/** Names of the object's user metadata. */
const HASH = "text-hash";
const SEQUENCE = "sequence-number";
const STREAM = "stream";

/** How often a changed object is looked at again before the record is handed back. */
const ATTEMPTS = 5;

export const keyOf = (id: string): string => `${id}.mp3`;

/** Of all that makes the sound: the same text in another voice is another audio. */
export const hashOf = (request: Request, { voice, engine, language }: Config): string =>
  createHash("sha256")
    .update(JSON.stringify([voice, engine, language, request.speech.type, request.text]))
    .digest("hex");

/** Negative when `a` is older. Within one stream the sequence numbers decide; a later stream is newer as a whole. */
export const comparePositions = (a: Position, b: Position): number => {
  if (a.stream !== b.stream) return a.stream < b.stream ? -1 : 1;
  const difference = BigInt(a.sequence) - BigInt(b.sequence);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
};

/**
 * The rule: an object is replaced only by a record from later in the stream, and only if it says something else. The same record
 * again is a repeat; an older one is a replay. An object without a position was not written by this handler and is older.
 */
export const decide = (stored: Stored, wanted: Position, hash: string): Decision => {
  if (stored.kind !== "present") return "write";
  const order = stored.position === undefined ? -1 : comparePositions(stored.position, wanted);
  if (order > 0) return "newer";
  return order === 0 || stored.hash === hash ? "same" : "write";
};

const positionIn = (metadata: Record<string, string>): Position | undefined => {
  const { [SEQUENCE]: sequence, [STREAM]: stream } = metadata;
  return sequence !== undefined && /^\d+$/.test(sequence) && stream !== undefined ? { sequence, stream } : undefined;
};

/** The write succeeds only if the object is still what was seen: that makes look-decide-write one step. */
const conditionFor = (stored: Stored) =>
  stored.kind === "present" ? { IfMatch: stored.etag } : { IfNoneMatch: "*" as const };

/** 412: the condition failed. 404 with If-Match: the object was deleted meanwhile. (409 passes: the same write is tried again.) */
const changedSince = (error: unknown, stored: Stored): boolean => {
  const isGone = statusOf(error) === 404 && stored.kind === "present" && (error as Error).name !== "NoSuchBucket";
  return statusOf(error) === 412 || isGone;
};

class ObjectStore implements Store {
  constructor(
    private readonly s3: S3Client,
    private readonly config: Config,
    private readonly retries: RetryOptions | undefined,
  ) {}

  async put(request: Request, speak: () => Promise<Uint8Array>, time: Time): Promise<Outcome> {
    const hash = hashOf(request, this.config);
    let audio: Uint8Array | undefined;
    let seen: Stored["kind"] | undefined;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const stored = await withRetries(() => this.look(keyOf(request.id), time), time, this.retries);
      if (stored.kind === "unknown" && seen === "unknown") {
        throw new Misconfigured("an object is there and the function may not read it");
      }
      seen = stored.kind;
      const decision = decide(stored, request.position, hash);
      if (decision !== "write") return decision;
      audio ??= await speak();
      const command = this.commandFor(request, hash, audio, stored);
      if (await withRetries(() => this.write(command, stored, time), time, this.retries)) return "stored";
    }
    throw new Contention(`the object changed ${ATTEMPTS} times while it was being written`);
  }

  private async look(Key: string, time: Time): Promise<Stored> {
    try {
      const command = new HeadObjectCommand({ Bucket: this.config.bucket, Key });
      const { ETag, Metadata = {} } = await this.s3.send(command, { abortSignal: time.signal });
      return { kind: "present", etag: ETag ?? "", hash: Metadata[HASH] ?? "", position: positionIn(Metadata) };
    } catch (error) {
      if (statusOf(error) === 404) return { kind: "absent" };
      if (statusOf(error) === 403) return { kind: "unknown" };
      throw error;
    }
  }

  /** The whole audio in one request, so an object is there entirely or not at all. */
  private commandFor({ id, position }: Request, hash: string, audio: Uint8Array, stored: Stored): PutObjectCommand {
    return new PutObjectCommand({
      Bucket: this.config.bucket,
      Key: keyOf(id),
      Body: audio,
      ContentType: "audio/mpeg",
      Metadata: { [HASH]: hash, [SEQUENCE]: position.sequence, [STREAM]: position.stream },
      ...conditionFor(stored),
    });
  }

  /** True when stored, false when the object has changed since it was looked at. */
  private async write(command: PutObjectCommand, stored: Stored, time: Time): Promise<boolean> {
    try {
      await this.s3.send(command, { abortSignal: time.signal });
      return true;
    } catch (error) {
      if (changedSince(error, stored)) return false;
      const isDenied = statusOf(error) === 403 || statusOf(error) === 404;
      throw isDenied ? new Misconfigured("the function cannot write to its bucket", { cause: error }) : error;
    }
  }
}

export const createStore = (s3: S3Client, config: Config, retries?: RetryOptions): Store =>
  new ObjectStore(s3, config, retries);
