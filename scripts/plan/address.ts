/**
 * A Terraform address taken apart: `module.storage[0].aws_s3_bucket.audio["eu"]`.
 * Instance keys may hold dots and brackets inside quotes, so it is read segment by segment.
 */
export interface AddressParts {
  /** `module.storage[0]`; empty for the root module. */
  readonly module: string;
  /** Without instance keys: `module.storage`. */
  readonly modulePath: string;
  readonly type: string;
  readonly name: string;
  /** As written, brackets included: `["eu"]`; empty without count and for_each. */
  readonly key: string;
}

const SEGMENT = /\.?(?<word>[^.[\]"]+)(?<key>\[(?:\d+|"(?:[^"\\]|\\.)*")\])?/gy;

/** Undefined when the text is no address of a managed resource. */
export const parseAddress = (address: string): AddressParts | undefined => {
  const segments = [...address.matchAll(SEGMENT)];
  if (segments.map(([text]) => text).join("") !== address) return undefined;
  const name = segments.pop()?.groups;
  const type = segments.pop()?.groups;
  if (!name?.word || !type?.word || type.key || segments.length % 2 !== 0) return undefined;
  if (type.word === "module" || type.word === "data") return undefined;
  if (segments.some((segment, index) => index % 2 === 0 && segment[0].replace(".", "") !== "module")) return undefined;
  return {
    module: segments.map(([text]) => text).join(""),
    modulePath: segments.map(({ groups }, index) => `${index ? "." : ""}${groups?.word}`).join(""),
    type: type.word,
    name: name.word,
    key: name.key ?? "",
  };
};

/** The same address without any instance keys. */
export const withoutKeys = (address: string): string => {
  const parts = parseAddress(address);
  return parts ? [parts.modulePath, parts.type, parts.name].filter(Boolean).join(".") : address;
};
