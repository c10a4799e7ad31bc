import { resolve } from "node:path";
import type { Context } from "../lib/context";
import { PRIVATE, writeFileAtomic } from "../lib/files";
import { mask } from "../lib/masking";
import { gatherReview } from "../review/gather/gather";
import { postReview, pullRequestFrom } from "../review/github";
import { renderPage } from "../review/html/page";
import { renderJson } from "../review/json";
import { markerOf, renderMarkdown } from "../review/markdown";
import { buildReview } from "../review/model";
import type { ReviewModel } from "../review/types";
import { different, done, type Result } from "./result";

export interface ReviewOptions {
  readonly wave: string;
  readonly format: ReviewFormat;
  /** File to write; by default `review.<environment>.html`, `.md` or `.json` in the current folder. */
  readonly out?: string;
  /** Write the review into its comment on the pull request. */
  readonly post: boolean;
}

export const REVIEW_FORMATS = ["html", "github", "json"] as const;
export type ReviewFormat = (typeof REVIEW_FORMATS)[number];

const EXTENSION: Readonly<Record<ReviewFormat, string>> = { html: "html", github: "md", json: "json" };

const render = async (model: ReviewModel, format: ReviewFormat): Promise<string> => {
  if (format === "html") return mask(await renderPage(model));
  return mask(format === "github" ? renderMarkdown(model) : renderJson(model));
};

export interface ReviewData {
  readonly file: string;
  readonly verdict: ReviewModel["verdict"];
  readonly counts: ReviewModel["counts"];
  /** Where the comment is, when it was posted. */
  readonly comment: string;
}

const post = async (context: Context, model: ReviewModel): Promise<string> => {
  const target = await pullRequestFrom(context.env);
  const { action, url } = await postReview(target, markerOf(model), mask(renderMarkdown(model)));
  context.progress.note(`${action} the comment ${url}`);
  return url;
};

/** Renders a model into a file, readable by its owner alone: it shows what is in the states. */
export const writeReview = async (model: ReviewModel, format: ReviewFormat, out: string): Promise<void> =>
  writeFileAtomic(out, await render(model, format), PRIVATE);

/** Both sides next to each other, for a person to look at before a wave moves. Changes neither of them. */
export const review = async (context: Context, options: ReviewOptions): Promise<Result<ReviewData>> => {
  const { wave, format } = options;
  const model = buildReview(await gatherReview(context, wave));
  const file = resolve(options.out ?? `review.${context.environment}.${EXTENSION[format]}`);
  await context.progress.step("write the review", () => writeReview(model, format, file));
  const comment = options.post ? await post(context, model) : "";
  const { verdict, counts } = model;
  const text = [verdict.sentence, `review  ${file}`, ...(comment ? [`comment ${comment}`] : [])].join("\n");
  const data: ReviewData = { file, verdict, counts, comment };
  return verdict.tone === "stop" ? different(text, data) : done(text, data);
};
