import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../lib/errors";
import { PRIVATE, writeFileAtomic } from "../lib/files";

/**
 * Keys that open nothing: the emulator takes this id for the root of its only account, and no id of AWS looks like it
 * (those have 16 characters or more).
 */
export const DUMMY_KEYS = { accessKeyId: "test", secretAccessKey: "test" } as const;

/** What a child may learn of the user's environment. Everything else is dropped, known or not. */
const ALLOWED = new Set([
  "PATH",
  "TMPDIR",
  "LANG",
  "LANGUAGE",
  "TZ",
  "USER",
  "LOGNAME",
  "SHELL",
  "TERM",
  "COLUMNS",
  "COLORTERM",
  "NO_COLOR",
  "FORCE_COLOR",
  "CI",
  "TTP_CACHE_DIR",
]);
const isAllowed = (name: string): boolean => ALLOWED.has(name) || name.startsWith("LC_");

export interface Isolation {
  /** Base URL of the emulated AWS, with a loopback IP: with a name, S3 would not be asked path-style. */
  readonly endpoint: string;
  readonly region: string;
  /** Home folder of the children, so that nothing below the user's own is found: profiles, SSO tokens, registries. */
  readonly home: string;
  /** Added at the end, e.g. the Pulumi settings of the rehearsal. No `AWS_*` name is accepted here. */
  readonly extra?: NodeJS.ProcessEnv;
}

const isLoopbackIp = (hostname: string): boolean =>
  /^127\.(25[0-5]|2[0-4]\d|1?\d?\d)\.(25[0-5]|2[0-4]\d|1?\d?\d)\.(25[0-5]|2[0-4]\d|1?\d?\d)$/.test(hostname) ||
  hostname === "[::1]";

/**
 * @throws UserError unless the endpoint is `http://<loopback IP>:<port>` and nothing more. A name is refused even if it
 *   means this machine today: what it means is decided elsewhere.
 */
export const assertLoopback = (endpoint: string | undefined): string => {
  const expected = "expected http://127.0.0.1:PORT";
  const fix = "The rehearsal talks to this machine alone; for a real account use the migration commands.";
  if (!endpoint) throw new UserError(`AWS_ENDPOINT_URL is not set; ${expected}`, { fix });
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const plain = url && url.protocol === "http:" && url.pathname === "/" && !url.search && !url.hash && !url.username;
  // Compared as it was written: other clients may read 127.1, 0x7f000001 or 2130706433 differently from URL.
  const asWritten = /^http:\/\/([^/:@?#[\]]+|\[[^\]]+\]):\d+\/?$/.exec(endpoint)?.[1];
  if (!plain || asWritten !== url.hostname || !isLoopbackIp(url.hostname)) {
    throw new UserError(`AWS_ENDPOINT_URL is "${endpoint}", which is not an address of this machine; ${expected}`, {
      fix,
    });
  }
  return endpoint.replace(/\/$/, "");
};

const emptyFiles = (home: string): { config: string; credentials: string } => ({
  config: join(home, "aws-config"),
  credentials: join(home, "aws-credentials"),
});

const awsSettings = (endpoint: string, region: string, home: string): NodeJS.ProcessEnv => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: DUMMY_KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: DUMMY_KEYS.secretAccessKey,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_CONFIG_FILE: emptyFiles(home).config,
  AWS_SHARED_CREDENTIALS_FILE: emptyFiles(home).credentials,
  AWS_EC2_METADATA_DISABLED: "true",
});

/**
 * The whole environment of everything that the rehearsal runs. Pure. Of the user's environment only an allow-list
 * survives: no `AWS_*`, `TF_*` or `PULUMI_*`, no profile, no proxy, no certificate bundle, no `NODE_OPTIONS`.
 * @throws UserError when the endpoint is not on this machine.
 */
export const isolatedEnvironment = (userEnv: NodeJS.ProcessEnv, isolation: Isolation): NodeJS.ProcessEnv => {
  const endpoint = assertLoopback(isolation.endpoint);
  const forbidden = Object.keys(isolation.extra ?? {}).filter((name) => name.toUpperCase().startsWith("AWS_"));
  if (forbidden.length > 0) throw new Error(`the rehearsal sets these itself: ${forbidden.join(", ")}`);
  return {
    ...Object.fromEntries(Object.entries(userEnv).filter(([name]) => isAllowed(name))),
    HOME: isolation.home,
    // A proxy that is set machine-wide must not see, or break, what stays on this machine.
    NO_PROXY: "127.0.0.1,localhost,::1",
    no_proxy: "127.0.0.1,localhost,::1",
    CHECKPOINT_DISABLE: "1",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...isolation.extra,
    ...awsSettings(endpoint, isolation.region, isolation.home),
  };
};

/** Makes the home folder with the empty profile files that the isolated environment points to. */
export const prepareHome = async (home: string): Promise<void> => {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const { config, credentials } = emptyFiles(home);
  await Promise.all([config, credentials].map((path) => writeFileAtomic(path, "", PRIVATE)));
};

export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
  /** The queue's address may name the emulator past the proxy; requests go where the client points. */
  readonly useQueueUrlAsEndpoint: false;
}

/** Settings for an AWS SDK client in this process, which looks at no environment variable, profile or metadata. */
export const clientSettings = (endpoint: string, region: string): ClientSettings => ({
  endpoint: assertLoopback(endpoint),
  region,
  credentials: { ...DUMMY_KEYS },
  maxAttempts: 5,
  useQueueUrlAsEndpoint: false,
});
