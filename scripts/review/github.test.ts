import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import { postReview, pullRequestFrom } from "./github";

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly authorization: string;
  readonly body: string;
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
};

/** A GitHub with these pages of comments; `status` is its answer to everything that writes. */
const withGitHub = async (
  pages: readonly string[][],
  status: number,
  work: (api: string, seen: Seen[]) => Promise<void>,
): Promise<void> => {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    seen.push({ method, url, authorization: headers.authorization ?? "", body: await bodyOf(request) });
    const page = Number(new URL(url, "http://x").searchParams.get("page") ?? 1);
    const next = `http://${headers.host}${url.split("&page")[0]}&page=${page + 1}`;
    if (method === "GET" && page < pages.length) response.setHeader("link", `<${next}>; rel="next"`);
    response.statusCode = method === "GET" ? 200 : status;
    const comments = pages[page - 1]?.map((body, index) => ({ id: page * 1000 + index, body }));
    response.end(
      JSON.stringify(method === "GET" ? comments : { id: 1, body: "", html_url: "https://example.invalid/c/1" }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen);
  } finally {
    server.close();
    server.closeAllConnections();
  }
};

const MARKER = "<!-- review of text-to-speech dev -->";
const target = (api: string) => ({ api, repository: "team/pipeline", number: 7, token: "t0ken" });

test("makes a comment where there is none of its own", () =>
  withGitHub([["hello", `> quoted\n${MARKER}`]], 201, async (api, seen) => {
    const { action } = await postReview(target(api), MARKER, `${MARKER}\nnew`);
    assert.equal(action, "created");
    assert.deepEqual(
      seen.map(({ method, url }) => `${method} ${url.split("?")[0]}`),
      ["GET /repos/team/pipeline/issues/7/comments", "POST /repos/team/pipeline/issues/7/comments"],
    );
    assert.deepEqual(JSON.parse(seen[1]?.body ?? ""), { body: `${MARKER}\nnew` });
    assert.equal(seen[0]?.authorization, "Bearer t0ken");
  }));

test("updates its own comment, also one on the third page", () =>
  withGitHub([Array(100).fill("x"), Array(100).fill("y"), ["z", `${MARKER}\nold`]], 200, async (api, seen) => {
    const { action } = await postReview(target(api), MARKER, "new");
    assert.equal(action, "updated");
    assert.equal(seen.at(-1)?.url, "/repos/team/pipeline/issues/comments/3001");
    assert.equal(seen.at(-1)?.method, "PATCH");
  }));

test("leaves the comment of another environment alone", () =>
  withGitHub([["<!-- review of text-to-speech prod -->\n"]], 201, async (api) => {
    assert.equal((await postReview(target(api), MARKER, "new")).action, "created");
  }));

test("a refusal says what the token needs, and does not repeat the token", () =>
  withGitHub([[]], 403, async (api) => {
    await assert.rejects(postReview(target(api), MARKER, "new"), (error: Error & { fix?: string }) => {
      assert.match(error.message, /403 to POST/);
      assert.match(error.fix ?? "", /pull-requests: write/);
      assert.doesNotMatch(error.message + error.fix, /t0ken/);
      return true;
    });
  }));

test("finds the pull request in what a workflow sets", async () => {
  const base = { GITHUB_REPOSITORY: "team/pipeline", GITHUB_TOKEN: "t" };
  assert.equal((await pullRequestFrom({ ...base, GITHUB_REF: "refs/pull/12/merge" })).number, 12);
  assert.equal((await pullRequestFrom({ ...base, PULL_REQUEST: "4" })).number, 4);
  const folder = await mkdtemp(join(tmpdir(), "event-"));
  const event = join(folder, "event.json");
  await writeFile(event, JSON.stringify({ pull_request: { number: 9 } }));
  assert.equal((await pullRequestFrom({ ...base, GITHUB_EVENT_PATH: event })).number, 9);
  await rm(folder, { recursive: true });
});

test("says what is missing", async () => {
  await assert.rejects(pullRequestFrom({ GITHUB_REF: "refs/heads/main" }), /no pull request/);
  await assert.rejects(pullRequestFrom({ PULL_REQUEST: "1", GITHUB_TOKEN: "t" }), /GITHUB_REPOSITORY/);
  await assert.rejects(pullRequestFrom({ PULL_REQUEST: "1", GITHUB_REPOSITORY: "a/b" }), /GITHUB_TOKEN/);
});

test.run();
