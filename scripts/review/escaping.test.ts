import assert from "node:assert/strict";
import fc from "fast-check";
import { test } from "uvu";
import { escapeAttribute, escapeText, html } from "./html/escape";
import { renderPage } from "./html/page";
import { renderJson } from "./json";
import { renderMarkdown } from "./markdown";
import { buildReview } from "./model";
import { HOSTILE, hostileRows } from "./testing/hostile";
import { fabricate } from "./testing/input";
import { visible } from "./visible";

/** Everything that is invisible or that turns the text around it, except tab and newline. */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

test("hidden characters become the escapes that a programmer would type", () => {
  assert.equal(visible("a\u202Eb\u0000c\u{E0041}"), "a\\u202Eb\\0c\\u{E0041}");
  assert.equal(visible("lone \uD800"), "lone \\uD800");
  assert.equal(visible("tab\tand\nnewline"), "tab\tand\nnewline");
  assert.equal(visible("tab\tand\nnewline", { oneLine: true }), "tab\\tand\\nnewline");
});

/** Of any code points at all, halves of a pair among them. */
const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)) });

test("no text, whatever it holds, leaves a character that works as markup or cannot be seen", () =>
  fc.assert(
    fc.property(fc.oneof(anyText, fc.constantFrom(...HOSTILE)), (text) => {
      assert.doesNotMatch(escapeText(text).replace(/<b class="esc">|<\/b>/g, ""), /[<>"']/);
      assert.doesNotMatch(escapeText(text), HIDDEN);
      assert.doesNotMatch(escapeAttribute(text), /[<>"']/);
      assert.doesNotMatch(escapeAttribute(text), HIDDEN);
    }),
  ));

test("the template tells text from attributes", () => {
  const value = `"><i>\u0007`;
  assert.equal(
    html`<p title="${value}">${value}</p>`.text,
    '<p title="&quot;&gt;&lt;i&gt;\\u0007">&quot;&gt;&lt;i&gt;<b class="esc">\\u0007</b></p>',
  );
});

const hostileInput = () => {
  const input = fabricate({ rows: hostileRows() });
  const text = HOSTILE.join(" ");
  return {
    ...input,
    environment: `dev${HOSTILE[0]}`,
    terraform: input.terraform.map((file) => ({
      ...file,
      text: `${file.text}\n# ${HOSTILE.join(" ").replaceAll("\n", " ")}\n`,
    })),
    pulumi: input.pulumi.map((file) => ({ ...file, text: `${file.text}\n// ${HOSTILE[0]}${HOSTILE[3]}\n` })),
    ownership: {
      ...input.ownership,
      resources: input.ownership.resources.map((resource) => ({ ...resource, id: text })),
      problems: [{ category: "difference" as const, message: text, fix: text }],
      next: text,
    },
    journal: { ...input.journal, damage: text },
    trials: [{ kind: "fault" as const, name: text, ok: false, outcome: text }],
  };
};

test("a page of hostile values has one script, one style and no hidden character", async () => {
  const page = await renderPage(buildReview(hostileInput()));
  assert.equal(page.match(/<script/g)?.length, 1);
  assert.equal(page.match(/<\/script/g)?.length, 1);
  assert.equal(page.match(/<style/g)?.length, 1);
  assert.equal(page.match(/<img|onerror="/g), null);
  assert.equal(HIDDEN.exec(page), null);
  assert.ok(/👩<b class="esc">\\u200D<\/b>💻/.test(page));
});

test("a comment of hostile values holds no live markup, no name to notify and no hidden character", () => {
  const comment = renderMarkdown(buildReview(hostileInput()));
  // The one joiner that is put in on purpose stands after an at sign.
  assert.equal(HIDDEN.exec(comment.replaceAll("@\u2060", "@")), null);
  assert.doesNotMatch(comment, /<script|<img|<b>|<style|\]\(https/);
  assert.doesNotMatch(comment.replace(/<(code|pre)>.*?<\/\1>/g, ""), /@(?!\u2060)|~~/);
  const tables = comment.split("\n").filter((line) => line.startsWith("| <code>module"));
  for (const line of tables) assert.match(line.replace(/[^|]/g, ""), /^\|{5,6}$/, line);
});

test("JSON of hostile values is safe in a terminal and means the same", () => {
  const model = buildReview(hostileInput());
  const text = renderJson(model);
  assert.equal(HIDDEN.exec(text), null);
  assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(model)));
});

test.run();
