import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Objects by `/bucket/key`. */
export type Objects = Map<string, string>;

const etagOf = (content: string): string => `"${createHash("md5").update(content).digest("hex")}"`;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
};

/** Whether S3 would carry out a conditional write: the two conditions that locks are made of. */
const allowed = (request: IncomingMessage, current: string | undefined): boolean => {
  const { "if-none-match": noneMatch, "if-match": match } = request.headers;
  if (noneMatch === "*" && current !== undefined) return false;
  return match === undefined || (current !== undefined && match === etagOf(current));
};

const answer = async (objects: Objects, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const key = decodeURIComponent((request.url ?? "").split("?")[0] ?? "");
  const body = await bodyOf(request);
  const current = objects.get(key);
  if (request.method === "PUT") {
    if (!allowed(request, current)) return void response.writeHead(412).end();
    objects.set(key, body);
    return void response.writeHead(200, { etag: etagOf(body) }).end();
  }
  if (request.method === "DELETE") {
    objects.delete(key);
    return void response.writeHead(204).end();
  }
  if (current === undefined) return void response.writeHead(404).end();
  response.writeHead(200, { etag: etagOf(current) }).end(current);
};

/** As much of S3 as the locks need, on loopback. */
export const startObjectStore = async (): Promise<{ endpoint: string; objects: Objects; stop(): Promise<void> }> => {
  const objects: Objects = new Map();
  const server = createServer((request, response) => void answer(objects, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, objects, stop };
};
