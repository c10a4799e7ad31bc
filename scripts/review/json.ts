import type { ReviewModel } from "./types";

/** `JSON.stringify` leaves bidi and other format characters as they are; a terminal would obey them. */
const UNSAFE = /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu;

const jsonEscape = (character: string): string =>
  [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");

/** The model as it is, in ASCII-safe JSON. */
export const renderJson = (model: ReviewModel): string =>
  `${JSON.stringify(model, null, 2).replace(UNSAFE, jsonEscape)}\n`;
