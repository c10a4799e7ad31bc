import { splitHidden } from "../visible";

/** HTML that is safe to put into a page as it is. Only `html` and `raw` make it. */
export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");

/** For attribute values, where no element can mark an escape. */
export const escapeAttribute = (text: string): string =>
  escapeMarkup(
    splitHidden(text)
      .map((part) => part.text)
      .join(""),
  );

/** For text: hidden characters become marked, visible escapes. */
export const escapeText = (text: string): string =>
  splitHidden(text)
    .map((part) => (part.hidden ? `<b class="esc">${escapeMarkup(part.text)}</b>` : escapeMarkup(part.text)))
    .join("");

export const raw = (text: string): Html => new Html(text);

type Part = Html | string | number | undefined | false | readonly Part[];

const show = (part: Part, inAttribute: boolean): string => {
  if (part instanceof Html) return part.text;
  if (part === undefined || part === false) return "";
  if (typeof part === "string") return inAttribute ? escapeAttribute(part) : escapeText(part);
  if (typeof part === "number") return String(part);
  return part.map((each) => show(each, inAttribute)).join("");
};

/** Template tag: everything put in is escaped for the place where it stands, unless it is Html already. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => {
  let text = strings[0] ?? "";
  for (const [index, part] of parts.entries()) {
    // All attribute values in our templates are quoted, so a quote just before means: inside one.
    const inAttribute = text.lastIndexOf("<") > text.lastIndexOf(">");
    text += show(part, inAttribute) + (strings[index + 1] ?? "");
  }
  return new Html(text);
};
