import { inspect } from "node:util";

/** What stands in for a secret in everything that leaves the program. */
export const MASK = "(sensitive)";

const contents = new WeakMap<Sensitive, { readonly value: unknown }>();

/**
 * A secret on its way through the program. It prints, serialises and concatenates as a marker; only code that
 * compares asks for the content. An encrypted secret has none.
 */
export class Sensitive {
  constructor(content?: { readonly value: unknown }) {
    if (content) contents.set(this, content);
  }

  static of(value: unknown): Sensitive {
    return new Sensitive({ value });
  }

  /** The content, or undefined when only the ciphertext is known. */
  reveal(): { readonly value: unknown } | undefined {
    return contents.get(this);
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
