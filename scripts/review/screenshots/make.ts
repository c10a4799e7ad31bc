import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, UserError } from "../../lib/errors";
import { renderPage } from "../html/page";
import { anchorOf, buildReview } from "../model";
import { type View, withPage } from "../testing/browser";
import { fabricate } from "../testing/input";

/** Pictures for the README: `npx tsx scripts/review/screenshots/make.ts`, or of a page: `… make.ts review.dev.html`. */
const SHOTS: readonly (readonly [name: string, view: View, at: string])[] = [
  ["light", { colorScheme: "light", width: 1280, height: 860 }, ""],
  ["dark", { colorScheme: "dark", width: 1280, height: 640 }, anchorOf("module.speech[0].aws_lambda_function.speak")],
  ["phone", { colorScheme: "light", width: 390, height: 844 }, ""],
];

const LARGEST = 150_000;

const shoot = async (file: string): Promise<void> => {
  for (const [name, view, at] of SHOTS) {
    const path = join(__dirname, `${name}.png`);
    await withPage(file, view, async ({ page }) => {
      if (at) await page.evaluate((id) => document.getElementById(id)?.scrollIntoView(), at);
      await page.waitForTimeout(200);
      await page.screenshot({ path });
    });
    const { size } = await stat(path);
    process.stdout.write(`${path} ${Math.round(size / 1000)} kB\n`);
    if (size > LARGEST) throw new UserError(`${path} has ${size} bytes; at most ${LARGEST} fit a README`);
  }
};

const main = async (): Promise<void> => {
  const given = process.argv[2];
  if (given) return shoot(given);
  const folder = await mkdtemp(join(tmpdir(), "review-shots-"));
  try {
    const file = join(folder, "review.html");
    await writeFile(file, await renderPage(buildReview(fabricate({ padding: 0 }))));
    await shoot(file);
  } finally {
    await rm(folder, { recursive: true });
  }
};

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
