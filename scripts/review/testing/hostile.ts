import type { ComparisonRow } from "../../plan/types";

const SPEAK = "module.speech[0].aws_lambda_function.speak";

/** What may stand in a tag, a name or a description and must not do anything in a page, a comment or a terminal. */
export const HOSTILE: readonly string[] = [
  "</script><script>document.title='owned'</script>",
  '"><img src=x onerror="document.title=\'owned\'">',
  "</style><style>body{display:none}</style>",
  "\u202Egnp.exe\u202C \u2066bidi\u2069",
  "bell\u0007 nul\u0000 escape\u001b[31mred\u001b[0m",
  "zero\u200Bwidth\uFEFF soft\u00ADhyphen tag\u{E0041}",
  "lone\uD800surrogate \u2028 \u2029",
  "@everyone | `code` \\| <b>bold</b> <!-- comment --> [link](https://example.invalid) #1 ~~x~~",
  "&lt;already&gt; &amp; escaped",
  "𝕌nicode ünd emoji 👩‍💻 stay as they are",
];

/** Rows that carry each of them in every field that comes from a state. */
export const hostileRows = (): ComparisonRow[] =>
  HOSTILE.map((text) => ({
    address: SPEAK,
    urn: `urn:pulumi:dev::text-to-speech::aws:lambda/function:Function::${text}`,
    terraformName: `tags[${JSON.stringify(text)}]`,
    pulumiName: `tags.${text}`,
    terraformValue: text,
    pulumiValue: `${text}!`,
    verdict: "different",
    reason: text,
  }));
