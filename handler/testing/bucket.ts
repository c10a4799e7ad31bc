import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

export interface StoredObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly contentType: string | undefined;
  /** Without the `x-amz-meta-` in front. */
  readonly metadata: Record<string, string>;
}

export interface BucketOptions {
  /** Without it a missing key is forbidden, as for a role that may read objects but not list the bucket. */
  mayList?: boolean;
  /** Called before each write. A number is the status it fails with. */
  beforeWrite?: (key: string) => number | undefined;
}

const META = "x-amz-meta-";

const metadataIn = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith(META))
      .map(([name, value]) => [name.slice(META.length), String(value)]),
  );

/** 412 or 404 when a conditional write must not happen, as S3 answers. */
export const refusal = (ifMatch: string | undefined, ifNoneMatch: string | undefined, etag: string | undefined) => {
  if (ifNoneMatch === "*" && etag !== undefined) return 412;
  if (ifMatch === undefined) return undefined;
  if (etag === undefined) return 404;
  return ifMatch === etag ? undefined : 412;
};

const CODES: Record<number, string> = {
  403: "AccessDenied",
  404: "NoSuchKey",
  409: "ConditionalRequestConflict",
  412: "PreconditionFailed",
  503: "SlowDown",
};

const fail = (response: ServerResponse, status: number): void => {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<Error><Code>${CODES[status] ?? "InternalError"}</Code><Message>${status}</Message></Error>`);
};

/** One S3 bucket as far as the handler sees it: HEAD and conditional PUT of objects. */
export const createBucket = (options: BucketOptions) => {
  const objects = new Map<string, StoredObject>();
  const writes: string[] = [];

  const write = async (key: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const { headers } = request;
    const failure = options.beforeWrite?.(key);
    const refused = failure ?? refusal(headers["if-match"], headers["if-none-match"], objects.get(key)?.etag);
    if (refused !== undefined) return fail(response, refused);
    const etag = `"${createHash("md5")
      .update(body)
      .update(JSON.stringify(metadataIn(headers)))
      .digest("hex")}"`;
    objects.set(key, { body, etag, contentType: headers["content-type"], metadata: metadataIn(headers) });
    writes.push(key);
    response.writeHead(200, { etag }).end();
  };

  const look = (key: string, response: ServerResponse): void => {
    const found = objects.get(key);
    if (found === undefined) {
      // Chunked, as S3 sends it: without any length a client would close the connection.
      response.writeHead(options.mayList === true ? 404 : 403, { "transfer-encoding": "chunked" }).end();
      return;
    }
    const metadata = Object.entries(found.metadata).map(([name, value]) => [META + name, value]);
    response
      .writeHead(200, { etag: found.etag, "content-length": found.body.length, ...Object.fromEntries(metadata) })
      .end();
  };

  const handle = async (key: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === "PUT") await write(key, request, response);
    else if (request.method === "HEAD") look(key, response);
    else fail(response, 405);
  };
  return { handle, objects, writes };
};
