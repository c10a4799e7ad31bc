import type { BridgeMapping } from "./mapping";

/**
 * `@pulumi/aws` files resources under modules (`aws:dynamodb/table:Table`); the bridge keeps Terraform's whole name in
 * one (`aws:index/dynamodbTable:DynamodbTable`). Which belongs to which follows from the names, and only pairs that both
 * sides know are made.
 */
export interface Tokens {
  /** The bridge's token; undefined when it has no such type. */
  toBridge(token: string): string | undefined;
  /** The token of `@pulumi/aws`; undefined when it has none. */
  toSdk(token: string): string | undefined;
  /** Terraform's name of a token of either side. */
  terraformName(token: string): string | undefined;
}

interface Parts {
  readonly module: string;
  readonly name: string;
}

const parts = (token: string): Parts => {
  const [, path = "", name = ""] = token.split(":");
  return { module: path.split("/")[0] ?? "", name };
};

const withoutGet = (name: string): string => name.replace(/^get(?=[A-Z])/, "");

/** Names under which the bridge may know a token: `owned` starts with its module, `alone` does not. V2 is Pulumi's own. */
const candidates = (token: string): { owned: string[]; alone: string[] } => {
  const { module, name } = parts(token);
  const bare = withoutGet(name);
  const names = [bare, bare.replace(/V2$/, "")].map((text) => text.toLowerCase());
  return { owned: names.map((text) => module.toLowerCase() + text), alone: names };
};

/** Two tokens may claim one type (`s3.Bucket`, an old fork of its own, and `s3.BucketV2`): the newer name has it. */
const newest = (claims: readonly string[]): string | undefined => {
  const newer = claims.filter((token) => token.endsWith("V2"));
  const left = newer.length > 0 ? newer : claims;
  return left.length === 1 ? left[0] : undefined;
};

/** Which tokens claim which of the bridge's types; a claim without the module counts only where no other is made. */
const claimsOf = (known: ReadonlyMap<string, string>, sdkTokens: readonly string[]): Map<string, string> => {
  const owned = new Map<string, string[]>();
  const alone = new Map<string, string[]>();
  for (const token of sdkTokens) {
    const names = candidates(token);
    const byModule = names.owned.find((name) => known.has(name));
    const name = byModule ?? names.alone.find((text) => known.has(text));
    const bridge = name && known.get(name);
    if (!bridge) continue;
    const claims = byModule ? owned : alone;
    claims.set(bridge, [...(claims.get(bridge) ?? []), token]);
  }
  const settled = new Map<string, string>();
  for (const bridge of known.values()) {
    const token = newest(owned.get(bridge) ?? alone.get(bridge) ?? []);
    if (token) settled.set(bridge, token);
  }
  return settled;
};

/** @param entities the bridge's resources or data sources; @param sdkTokens all tokens that `@pulumi/aws` knows. */
export const pairTokens = (
  entities: Readonly<Record<string, { readonly tok: string }>>,
  sdkTokens: readonly string[],
): Tokens => {
  const known = new Map<string, string>();
  const terraform = new Map<string, string>();
  for (const [name, { tok }] of Object.entries(entities)) {
    known.set(withoutGet(parts(tok).name).toLowerCase(), tok);
    terraform.set(tok, name);
  }
  const toSdk = claimsOf(known, sdkTokens);
  const toBridge = new Map([...toSdk].map(([bridge, sdk]) => [sdk, bridge]));
  return {
    toBridge: (token) => toBridge.get(token),
    toSdk: (token) => toSdk.get(token),
    terraformName: (token) => terraform.get(toBridge.get(token) ?? token),
  };
};

export interface AllTokens {
  readonly resources: Tokens;
  readonly functions: Tokens;
}

export const pairAllTokens = (
  mapping: Pick<BridgeMapping, "resources" | "dataSources">,
  sdk: { readonly resources: readonly string[]; readonly functions: readonly string[] },
): AllTokens => ({
  resources: pairTokens(mapping.resources, sdk.resources),
  functions: pairTokens(mapping.dataSources, sdk.functions),
});

/** Replaces the type of a URN, which is the last of the types between its second and third `::`. */
export const withType = (urn: string, replace: (type: string) => string | undefined): string => {
  const segments = urn.split("::");
  const types = segments[2]?.split("$");
  const last = types?.at(-1);
  if (!types || last === undefined) return urn;
  const replaced = replace(last);
  if (replaced === undefined) return urn;
  segments[2] = [...types.slice(0, -1), replaced].join("$");
  return segments.join("::");
};

export const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
