import { readFile } from "node:fs/promises";
import { z } from "zod";
import { messageOf, UserError } from "../lib/errors";

export interface PullRequest {
  /** `https://api.github.com`, or that of a GitHub Enterprise server. */
  readonly api: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  readonly token: string;
}

const TIMEOUT_MS = 30_000;
/** A guard against a server that always names a next page: 100 comments each. */
const MOST_PAGES = 1_000;

const commentShape = z.looseObject({ id: z.number(), body: z.string().nullish(), html_url: z.string().optional() });
type Comment = z.infer<typeof commentShape>;

const eventShape = z.looseObject({ pull_request: z.looseObject({ number: z.number() }).optional() });

const numberFromEvent = async (path: string | undefined): Promise<number | undefined> => {
  if (!path) return undefined;
  const text = await readFile(path, "utf8").catch(() => "{}");
  return eventShape.safeParse(JSON.parse(text)).data?.pull_request?.number;
};

const need = (value: string | undefined, name: string, fix: string): string => {
  if (value) return value;
  throw new UserError(`${name} is not set, so the review cannot be posted`, { fix });
};

/**
 * Where to post, from the variables that GitHub Actions sets.
 * @throws UserError naming what is missing
 */
export const pullRequestFrom = async (env: NodeJS.ProcessEnv): Promise<PullRequest> => {
  const fromRef = /^refs\/pull\/(\d+)\//.exec(env.GITHUB_REF ?? "")?.[1];
  const number = Number(env.PULL_REQUEST ?? fromRef) || (await numberFromEvent(env.GITHUB_EVENT_PATH));
  if (!number) {
    throw new UserError(
      "no pull request to post to: neither PULL_REQUEST, GITHUB_REF nor GITHUB_EVENT_PATH names one",
      {
        fix: "run it in a workflow on: pull_request, or set PULL_REQUEST to its number",
      },
    );
  }
  return {
    api: (env.GITHUB_API_URL ?? "https://api.github.com").replace(/\/+$/, ""),
    repository: need(env.GITHUB_REPOSITORY, "GITHUB_REPOSITORY", "set it to owner/name"),
    token: need(
      env.GITHUB_TOKEN,
      "GITHUB_TOKEN",
      "give the job `permissions: pull-requests: write` and pass its token",
    ),
    number,
  };
};

const call = async ({ token }: PullRequest, url: string, method = "GET", body?: unknown): Promise<Response> => {
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "user-agent": "terraform-to-pulumi-review",
    "x-github-api-version": "2022-11-28",
  };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const init = { method, headers, signal, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(url, init).catch((error: unknown) => {
    throw new UserError(`GitHub could not be reached: ${messageOf(error)}`, {
      fix: "check GITHUB_API_URL and the network, then repeat",
    });
  });
  if (response.ok) return response;
  throw new UserError(`GitHub answered ${response.status} to ${method} ${new URL(url).pathname}`, {
    fix: "the token needs write access to pull requests (`permissions: pull-requests: write`)",
  });
};

const nextPage = (response: Response): string | undefined =>
  /<([^>]+)>;\s*rel="next"/.exec(response.headers.get("link") ?? "")?.[1];

/** The comment that begins with the marker. A quotation of it by someone else does not begin with it. */
const findComment = async (target: PullRequest, marker: string): Promise<Comment | undefined> => {
  let url: string | undefined =
    `${target.api}/repos/${target.repository}/issues/${target.number}/comments?per_page=100`;
  for (let page = 0; url && page < MOST_PAGES; page += 1) {
    const response: Response = await call(target, url);
    const comments = z.array(commentShape).parse(await response.json());
    const found = comments.find(({ body }) => body?.startsWith(marker));
    if (found) return found;
    url = nextPage(response);
    // The token goes to the server it was given for and nowhere else.
    if (url && new URL(url).origin !== new URL(target.api).origin) break;
  }
  return undefined;
};

/** Writes the review into its own comment: the one from before where there is one, else a new one. */
export const postReview = async (
  target: PullRequest,
  marker: string,
  body: string,
): Promise<{ readonly action: "created" | "updated"; readonly url: string }> => {
  const comments = `${target.api}/repos/${target.repository}/issues`;
  const old = await findComment(target, marker);
  const response = old
    ? await call(target, `${comments}/comments/${old.id}`, "PATCH", { body })
    : await call(target, `${comments}/${target.number}/comments`, "POST", { body });
  const comment = commentShape.parse(await response.json());
  return { action: old ? "updated" : "created", url: comment.html_url ?? "" };
};
