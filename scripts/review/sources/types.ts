export interface SourceFile {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Lines of a source file, 1-based and inclusive. */
export interface SourceRange {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** Counts the lines before an offset fast, for many offsets of one text. */
export const lineCounter = (text: string): ((offset: number) => number) => {
  const starts = [0];
  for (let index = text.indexOf("\n"); index >= 0; index = text.indexOf("\n", index + 1)) starts.push(index + 1);
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  };
};

/** First line of the comment block that stands directly above a line. */
export const withLeadingComment = (lines: readonly string[], from: number): number => {
  let first = from;
  while (first > 1 && /^\s*(#|\/\/|\/\*|\*)/.test(lines[first - 2] ?? "")) first -= 1;
  return first;
};
