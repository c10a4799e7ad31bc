import type { ArchiveStore } from "./archive-store";
import { ARCHIVES, mergeOverrides, PROVIDER_DIFFERENCES, RESOURCE_DIFFERENCES } from "./differences";
import type { BridgeMapping } from "./mapping";
import { convertBag, convertPath, type Direction, documentsAsText, type Shape, shapeOf } from "./shape";
import { type AllTokens, typeOf, withType } from "./tokens";
import { type Bag, insideSecret } from "./wire";

/** Everything that is said differently on the two sides, for one resource type, one function or the provider itself. */
export interface Translator {
  /** What the program gives, as Check gets it. */
  inputs(bag: Bag): Bag;
  toBridge(bag: Bag): Bag;
  /** A recorded state: as `toBridge`, and with Terraform's `id`, from which the bridge rebuilds Terraform's state. */
  state(id: string): (bag: Bag) => Bag;
  toSdk(bag: Bag): Bag;
  path(path: string, direction: Direction): string;
}

export interface Translation {
  bridgeUrn(urn: string): string;
  sdkUrn(urn: string): string;
  bridgeFunction(token: string): string;
  /** @throws Error when the type is not one that the provider has. */
  resource(urn: string): Translator;
  provider: Translator;
}

interface ArchiveProperty {
  readonly sdk: string;
  readonly bridge: string;
}

const withArchives = (bag: Bag, name: string | undefined, change: (value: unknown) => unknown): Bag =>
  name !== undefined && name in bag ? { ...bag, [name]: insideSecret(bag[name], change) } : bag;

const translator = (shape: Shape, archives: ArchiveStore, file?: ArchiveProperty): Translator => {
  const toBridge = (bag: Bag): Bag => convertBag(withArchives(bag, file?.sdk, archives.fileFor), shape, "toBridge");
  const id = shape.find((property) => property.terraform === "id");
  // A list that Pulumi shows as one value and that was empty has no trace in Pulumi's state.
  const emptyLists = Object.fromEntries(
    shape.filter((one) => one.sdkSingle && !one.bridgeSingle).map((one) => [one.bridge, []]),
  );
  return {
    inputs: (bag) => toBridge(documentsAsText(bag, shape)),
    toBridge,
    // Without properties it is the start of an import: an id beside them would be taken for an input.
    state: (value) => (bag) =>
      id && Object.keys(bag).length > 0 ? { ...emptyLists, ...toBridge(bag), [id.bridge]: value } : toBridge(bag),
    toSdk: (bag) => withArchives(convertBag(bag, shape, "toSdk"), file?.sdk, archives.archiveFor),
    path: (path, direction) => convertPath(path, shape, direction),
  };
};

/** Pulumi passes the provider's settings as JSON in text, each one. */
const providerTranslator = (shape: Shape): Translator => {
  const decode = (value: unknown): unknown => {
    if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
    return JSON.parse(value);
  };
  const structured = new Set(shape.filter((one) => one.collection).map((one) => one.sdk));
  const each = (bag: Bag, change: (value: unknown) => unknown): Bag =>
    Object.fromEntries(
      Object.entries(bag).map(([name, value]) => [name, structured.has(name) ? insideSecret(value, change) : value]),
    );
  const encode = (value: unknown): unknown =>
    typeof value === "object" && value !== null ? JSON.stringify(value) : value;
  const bridgeCollections = shape.filter((one) => one.collection).map((one) => one.bridge);
  const toBridge = (bag: Bag): Bag => {
    const converted = convertBag(each(bag, decode), shape, "toBridge");
    for (const name of bridgeCollections) {
      if (name in converted) converted[name] = insideSecret(converted[name], encode);
    }
    return converted;
  };
  const decodeBridge = (bag: Bag): Bag =>
    Object.fromEntries(
      Object.entries(bag).map(([name, value]) => [
        name,
        bridgeCollections.includes(name) ? insideSecret(value, decode) : value,
      ]),
    );
  return {
    inputs: toBridge,
    toBridge,
    state: () => toBridge,
    toSdk: (bag) => each(convertBag(decodeBridge(bag), shape, "toSdk"), encode),
    path: (path, direction) => convertPath(path, shape, direction),
  };
};

export const createTranslation = (mapping: BridgeMapping, tokens: AllTokens, archives: ArchiveStore): Translation => {
  const known = new Map<string, Translator>();
  const make = (terraform: string): Translator => {
    const bridge = mapping.resources[terraform]?.fields;
    const sdk = mergeOverrides(bridge, RESOURCE_DIFFERENCES[terraform]);
    const shape = shapeOf(mapping.provider.resources[terraform] ?? {}, bridge, sdk);
    const file = shape.find((property) => property.terraform === ARCHIVES[terraform]);
    return translator(shape, archives, file);
  };
  const resource = (urn: string): Translator => {
    const terraform = tokens.resources.terraformName(typeOf(urn));
    if (!terraform) throw new Error(`${typeOf(urn)} is not served by the Terraform AWS provider`);
    const found = known.get(terraform) ?? make(terraform);
    known.set(terraform, found);
    return found;
  };
  const providerShape = shapeOf(
    mapping.provider.schema,
    mapping.config,
    mergeOverrides(mapping.config, PROVIDER_DIFFERENCES),
    false,
  );
  return {
    bridgeUrn: (urn) => withType(urn, (type) => tokens.resources.toBridge(type)),
    sdkUrn: (urn) => withType(urn, (type) => tokens.resources.toSdk(type)),
    bridgeFunction: (token) => tokens.functions.toBridge(token) ?? token,
    resource,
    provider: providerTranslator(providerShape),
  };
};
