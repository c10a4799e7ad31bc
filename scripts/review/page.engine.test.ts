import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { test } from "uvu";
import { renderPage } from "./html/page";
import { anchorOf, buildReview } from "./model";
import { findChromium, type Opened, type View, withPage } from "./testing/browser";
import { hostileRows } from "./testing/hostile";
import { fabricate } from "./testing/input";
import { generatedSources } from "./testing/sources";
import type { ReviewInput } from "./types";

/** Writes the page of an input, opens it, and removes it again. */
const onPage = async (
  input: ReviewInput,
  view: View,
  work: (opened: Opened, file: string) => Promise<void>,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "review-page-"));
  try {
    const file = join(folder, "review.html");
    await writeFile(file, await renderPage(buildReview(input)));
    await withPage(file, view, (opened) => work(opened, file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const VIEWS: readonly (readonly [string, View])[] = [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["a phone", { width: 390, height: 844 }],
];

const SPEAK = "module.speech[0].aws_lambda_function.speak";
const TABLE = "module.storage[0].aws_dynamodb_table.requests";
const shown = (page: Page, selector: string): Promise<number> => page.locator(`${selector}:visible`).count();

test("opens from disk, asks for nothing else and complains of nothing, also with hostile values", () =>
  onPage(fabricate({ rows: hostileRows() }), {}, async ({ page, requests, complaints }, file) => {
    await page.waitForTimeout(300);
    assert.deepEqual(requests, [pathToFileURL(file).href]);
    assert.deepEqual(complaints, []);
    assert.equal(await page.title(), "dev: delivery, speech, storage from Terraform to Pulumi");
    assert.equal(await page.locator("body").evaluate((body) => getComputedStyle(body).display), "block");
    assert.ok((await page.locator("b.esc").count()) > 10);
  }));

test("nothing but its own script can run: the policy stops an injected one", () =>
  onPage(fabricate(), {}, async ({ page }) => {
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'owned'";
      document.body.append(script);
      document.body.insertAdjacentHTML("beforeend", `<img src="data:," onerror="document.title='owned'">`);
    });
    await page.waitForTimeout(200);
    assert.doesNotMatch(await page.title(), /owned/);
  }));

test("the filter and the search leave what was asked for", () =>
  onPage(fabricate({ rows: hostileRows().slice(0, 1) }), {}, async ({ page }) => {
    const all = await shown(page, "article");
    assert.equal(all, 14);
    await page.locator("nav").getByText("different", { exact: true }).click();
    assert.equal(await shown(page, "article"), 1);
    assert.equal(await shown(page, `article .v:not(.different)`), 0);
    await page.locator("nav").getByText("all", { exact: true }).click();
    await page.getByRole("searchbox").fill("hash_key");
    await page.waitForFunction(() => document.querySelector("#found")?.textContent !== "");
    assert.equal(await page.locator("#found").textContent(), "1 resource matches, 1 attribute");
    assert.equal(await shown(page, "article"), 1);
    await page.getByRole("searchbox").press("Escape");
    assert.equal(await shown(page, "article"), all);
  }));

test("a box of the picture leads to its resource, also one that the filter hides", () =>
  onPage(fabricate({ rows: hostileRows().slice(0, 1) }), {}, async ({ page }) => {
    await page.locator("nav").getByText("different", { exact: true }).click();
    const box = page.locator(`svg a[href="#${anchorOf(TABLE)}"]`);
    await box.click();
    const target = page.locator(`[id="${anchorOf(TABLE)}"]`);
    await target.waitFor({ state: "visible" });
    const top = await target.evaluate((element) => element.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < 900, `it stands at ${top}`);
  }));

test("every link within the page has a target", () =>
  onPage(fabricate(), {}, async ({ page }) => {
    const lost = await page.evaluate(() =>
      Array.from(document.querySelectorAll("a[href^='#']"))
        .map((link) => link.getAttribute("href") ?? "")
        .filter((href) => !document.getElementById(decodeURIComponent(href.slice(1)))),
    );
    assert.deepEqual(lost, []);
  }));

test("the keyboard reaches search, filter, boxes and folds, and shows where it is", () =>
  onPage(fabricate(), {}, async ({ page }) => {
    await page.keyboard.press("/");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "search");
    const reached = new Set<string>();
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press("Tab");
      const [kind, outline] = await page.evaluate(() => {
        const element = document.activeElement;
        const ring = element
          ? getComputedStyle(element.matches("input[type=radio]") ? (element.parentElement ?? element) : element)
          : undefined;
        return [element?.closest("svg") ? "box" : (element?.tagName ?? ""), ring?.outlineStyle ?? ""];
      });
      reached.add(kind ?? "");
      assert.notEqual(outline, "none", `no ring on ${kind}`);
    }
    for (const kind of ["INPUT", "BUTTON", "box", "SUMMARY"]) assert.ok(reached.has(kind), `${kind} was not reached`);
    await page.locator("details.equal summary").first().focus();
    await page.keyboard.press("Enter");
    assert.equal(await page.locator("details.equal").first().getAttribute("open"), "");
  }));

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

for (const [name, view] of VIEWS) {
  test(`axe finds nothing serious: ${name}`, () =>
    onPage(fabricate({ rows: hostileRows() }), view, async ({ page }) => {
      await page.getByRole("button", { name: "Unfold all" }).click();
      // Folded or not, everything is judged: what the browser has not laid out yet has no colours.
      await page.evaluate(() => {
        for (const article of Array.from(document.querySelectorAll<HTMLElement>("article")))
          article.style.contentVisibility = "visible";
      });
      // The page's own policy would stop a script element; the debugger's door is not bound by it.
      await page.evaluate(await readFile(createRequire(__filename).resolve("axe-core/axe.min.js"), "utf8"));
      const { violations } = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResult;
      const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
      assert.deepEqual(
        grave.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .slice(0, 3)
              .map((node) => node.html)
              .join(" ")}`,
        ),
        [],
      );
    }));

  test(`nothing is wider than the window: ${name}`, () =>
    onPage(fabricate({ rows: hostileRows() }), view, async ({ page }) => {
      await page.getByRole("button", { name: "Unfold all" }).click();
      const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok((content ?? 0) <= (window ?? 0), `${content} px of content in a window of ${window}`);
    }));
}

test("the theme button overrules the system", () =>
  onPage(fabricate(), { colorScheme: "light" }, async ({ page }) => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    await page.getByRole("button", { name: "Theme: auto" }).click();
    await page.getByRole("button", { name: "Theme: light" }).click();
    assert.notEqual(await paper(), light);
  }));

test("on paper: light, without the tools, with the differences, the code and the lines to sign", () =>
  onPage(fabricate({ rows: hostileRows().slice(0, 1) }), { colorScheme: "dark" }, async ({ page }) => {
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.equal(await page.locator(".bar").isVisible(), false);
    assert.equal(await page.locator(".sign").isVisible(), true);
    assert.equal(await page.locator(`[id="${anchorOf(SPEAK)}"] .v.different`).isVisible(), true);
    const ink = await page.evaluate(() => getComputedStyle(document.querySelector("h1") ?? document.body).color);
    assert.equal(ink, "rgb(29, 28, 34)");
    const pdf = await page.pdf({ format: "A4" });
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    assert.ok(pages >= 6 && pages <= 40, `${pages} pages`);
  }));

test("the page of the pipeline is made within two seconds of processor time", async () => {
  const input = fabricate();
  const before = process.cpuUsage();
  await renderPage(buildReview(input));
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(`    ${Math.round((user + system) / 1000)} ms\n`);
  assert.ok(user + system < 2_000_000, `${(user + system) / 1000} ms`);
});

test("a thousand resources: under 5 MB, painted within a second, and the search answers", async () => {
  const waves = Array.from({ length: 10 }, (_, index) => `module${index}`);
  const input = fabricate({ sources: generatedSources(10, 100), waves, padding: 8 });
  const size = Buffer.byteLength(await renderPage(buildReview(input)));
  assert.ok(size < 5_000_000, `${size} bytes`);
  await onPage(input, {}, async ({ page }) => {
    assert.equal(await page.locator("article").count(), 1_000);
    const paint = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          new PerformanceObserver((list) => resolve(list.getEntries()[0]?.startTime ?? 0)).observe({
            type: "paint",
            buffered: true,
          });
        }),
    );
    process.stdout.write(`    ${(size / 1e6).toFixed(1)} MB, first paint after ${Math.round(paint)} ms\n`);
    assert.ok(paint > 0 && paint < 1_000, `first paint after ${paint} ms`);
    const began = performance.now();
    await page.getByRole("searchbox").fill("module7-42");
    await page.waitForFunction(
      () => document.querySelector("#found")?.textContent === "1 resource matches, 1 attribute",
    );
    assert.ok(performance.now() - began < 3_000);
  });
});

test("without a browser the message says what to install", () => {
  assert.throws(() => findChromium({ PATH: "/nowhere" }), /no Chromium or Chrome was found/);
});

test.run();
