import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/**
 * Property bags on the wire. Secrets, archives and references to outputs are objects that carry Pulumi's signature key;
 * values that are not known yet are a special string. Both pass through as they are.
 */
export type Bag = Record<string, unknown>;

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** A value of each kind that is not known yet: bool, number, text, list, asset, archive, object. */
const UNKNOWN = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

const signatureOf = (value: unknown): unknown => (isObject(value) ? value[SIGNATURE] : undefined);

export const isObject = (value: unknown): value is Bag =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isSecret = (value: unknown): value is { value: unknown } => signatureOf(value) === SECRET;
export const isArchive = (value: unknown): value is Bag => signatureOf(value) === ARCHIVE;
export const isAsset = (value: unknown): value is Bag => signatureOf(value) === ASSET;
export const isOutput = (value: unknown): value is Bag => signatureOf(value) === OUTPUT;
export const isUnknown = (value: unknown): boolean => typeof value === "string" && UNKNOWN.has(value);
/** Whether it is a plain object of the program's and not one of Pulumi's own kinds. */
export const isPlainObject = (value: unknown): value is Bag => isObject(value) && signatureOf(value) === undefined;

export const secret = (value: unknown): Bag => ({ [SIGNATURE]: SECRET, value });
export const archive = (parts: Bag): Bag => ({ [SIGNATURE]: ARCHIVE, ...parts });

/** Applies a change to a value, whether it is a secret or not. */
export const insideSecret = (value: unknown, change: (inner: unknown) => unknown): unknown =>
  isSecret(value) ? { ...value, value: change(value.value) } : change(value);

export const toBag = (struct: Struct | undefined): Bag | undefined => struct?.toJavaScript() as Bag | undefined;

export const toStruct = (bag: Bag): Struct => Struct.fromJavaScript(bag as never);
