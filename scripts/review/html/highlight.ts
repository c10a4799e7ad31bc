import { createHighlighterCore, type HighlighterCore, type ThemedToken } from "@shikijs/core";
import { createJavaScriptRegexEngine } from "@shikijs/engine-javascript";
import type { SourceFile } from "../sources/types";
import { escapeText } from "./escape";

// The high-contrast pair: every colour of it passes WCAG AA on its own background.
const THEMES = { light: "github-light-high-contrast", dark: "github-dark-high-contrast" } as const;
/** Longer lines (a generated document, an embedded archive) are shown plain: highlighting them takes seconds. */
const LONGEST_LINE = 2_000;

export interface HighlightedSources {
  /** HTML of each line of a file; index 0 is line 1. */
  linesOf(path: string): readonly string[];
  /** Rules for the classes in the lines that were asked for so far. */
  css(): string;
}

const createHighlighter = (): Promise<HighlighterCore> =>
  createHighlighterCore({
    engine: createJavaScriptRegexEngine(),
    langs: [import("@shikijs/langs/terraform"), import("@shikijs/langs/typescript")],
    themes: [import("@shikijs/themes/github-light-high-contrast"), import("@shikijs/themes/github-dark-high-contrast")],
  });

type Colours = { readonly light: string; readonly dark: string };

/** Gives each pair of colours one short class, so that a page carries no colour twice. */
class Palette {
  private readonly classes = new Map<string, string>();

  classOf({ light, dark }: Colours): string {
    const key = `light-dark(${light},${dark})`;
    const known = this.classes.get(key);
    if (known) return known;
    const name = `k${this.classes.size.toString(36)}`;
    this.classes.set(key, name);
    return name;
  }

  css(): string {
    return [...this.classes].map(([colour, name]) => `.${name}{color:${colour}}`).join("");
  }
}

const coloursOf = (token: ThemedToken): Colours => {
  const style = typeof token.htmlStyle === "object" ? token.htmlStyle : {};
  return { light: style["--shiki-light"] ?? "", dark: style["--shiki-dark"] ?? "" };
};

const renderLine = (tokens: readonly ThemedToken[], plain: Colours, palette: Palette): string => {
  const runs: { name: string; text: string }[] = [];
  for (const token of tokens) {
    const colours = coloursOf(token);
    const isPlain = colours.light === plain.light || !colours.light;
    const last = runs.at(-1);
    // A blank has no colour: it joins whatever stands before it.
    const name = token.content.trim() === "" ? (last?.name ?? "") : isPlain ? "" : palette.classOf(colours);
    if (last?.name === name) last.text += token.content;
    else runs.push({ name, text: token.content });
  }
  return runs
    .map(({ name, text }) => (name ? `<i class="${name}">${escapeText(text)}</i>` : escapeText(text)))
    .join("");
};

const foregroundOf = (highlighter: HighlighterCore, theme: string): string =>
  highlighter.getTheme(theme).fg.toUpperCase();

let highlighter: Promise<HighlighterCore> | undefined;

/** Highlights each file once, whole, when a line of it is first asked for; what a page shows are slices. */
export const highlightSources = async (files: readonly SourceFile[]): Promise<HighlightedSources> => {
  highlighter ??= createHighlighter();
  const ready = await highlighter;
  const plain = { light: foregroundOf(ready, THEMES.light), dark: foregroundOf(ready, THEMES.dark) };
  const palette = new Palette();
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const rendered = new Map<string, readonly string[]>();
  const render = (path: string): readonly string[] => {
    const lang = path.endsWith(".ts") ? "typescript" : "terraform";
    const options = { lang, themes: THEMES, defaultColor: false, tokenizeMaxLineLength: LONGEST_LINE } as const;
    const { tokens } = ready.codeToTokens(texts.get(path) ?? "", options);
    return tokens.map((line) => renderLine(line, plain, palette));
  };
  const linesOf = (path: string): readonly string[] => {
    const lines = rendered.get(path) ?? render(path);
    rendered.set(path, lines);
    return lines;
  };
  return { linesOf, css: () => palette.css() };
};
