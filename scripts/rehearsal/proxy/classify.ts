import { lambdaAndCloudFront } from "./rest-actions";
import { s3Action } from "./s3-actions";

/** What is known of a request before it is answered. */
export interface RequestHead {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body, or its beginning. */
  readonly body: string;
}

export interface Classified {
  /** Signing name, e.g. `s3`, `dynamodb`; `unknown` for an unsigned request. */
  readonly service: string;
  /** Name of the API action, e.g. `PutBucketPolicy`; for one that is not known its method and path. */
  readonly action: string;
  /** The name or address of what it is about, as far as it shows. */
  readonly resource?: string;
  /** S3 only: tells writes of state from writes to the pipeline. */
  readonly bucket?: string;
  /** Whether it may change something. Whatever is not known to be harmless counts as a change. */
  readonly mutating: boolean;
}

const header = (request: RequestHead, name: string): string => {
  const value = request.headers[name];
  return Array.isArray(value) ? (value[0] ?? "") : (value ?? "");
};

const serviceOf = (request: RequestHead, query: URLSearchParams): string => {
  const credential = header(request, "authorization") || `Credential=${query.get("X-Amz-Credential") ?? ""}`;
  return /Credential=[^/,\s]+\/\d{8}\/[^/]*\/([a-z0-9-]+)\/aws4_request/.exec(credential)?.[1] ?? "unknown";
};

/** Verbs that only read, at the beginning of an action's name and before a capital letter. */
const READS = /^(Get|List|Describe|Head|BatchGet|TransactGet|Simulate|Filter|Lookup|Search)(?=[A-Z])/;
const READ_NAMES = new Set(["Query", "Scan"]);
/** Token services: they hand out a session and store nothing. */
const HARMLESS_SERVICES = new Set(["sts"]);

const readsOnly = (service: string, action: string): boolean =>
  READS.test(action) || READ_NAMES.has(action) || HARMLESS_SERVICES.has(service);

const isSafeMethod = (method: string): boolean => method === "GET" || method === "HEAD" || method === "OPTIONS";

/** Fields that say what a request is about, the telling ones first. */
const NAMES = [
  ..."TableName QueueUrl QueueName logGroupName RoleName PolicyName FunctionName UserName StreamArn".split(" "),
  ..."ResourceArn resourceArn PolicySourceArn logGroupNamePrefix".split(" "),
];

const resourceIn = (fields: (name: string) => unknown): string | undefined => {
  for (const name of NAMES) {
    const value = fields(name);
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
};

const parseJson = (body: string): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // The beginning of a long body: what it is about stays unknown.
    return {};
  }
};

const fromTarget = (request: RequestHead): Omit<Classified, "service" | "mutating"> | undefined => {
  const target = header(request, "x-amz-target");
  if (!target) return undefined;
  const fields = parseJson(request.body);
  return { action: target.split(".").at(-1) ?? target, resource: resourceIn((name) => fields[name]) };
};

const fromForm = (
  request: RequestHead,
  query: URLSearchParams,
): Omit<Classified, "service" | "mutating"> | undefined => {
  const isForm = header(request, "content-type").startsWith("application/x-www-form-urlencoded");
  const form = isForm ? new URLSearchParams(request.body) : query;
  const action = form.get("Action");
  return action ? { action, resource: resourceIn((name) => form.get(name)) } : undefined;
};

const omitUndefined = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

/** Names a request by AWS's own names and says whether it may change something. Pure. */
export const classify = (request: RequestHead): Classified => {
  const [path = "/", search = ""] = request.url.split("?", 2);
  const query = new URLSearchParams(search);
  const service = serviceOf(request, query);
  if (service === "s3") return omitUndefined({ service, ...s3Action(request.method, path, query, request.headers) });
  const named = fromTarget(request) ?? fromForm(request, query);
  if (named) return omitUndefined({ service, ...named, mutating: !readsOnly(service, named.action) });
  const rest = lambdaAndCloudFront(service, request.method, path);
  return omitUndefined({
    service,
    action: rest?.action ?? `${request.method} ${path}`,
    resource: rest?.resource,
    mutating: !isSafeMethod(request.method),
  });
};
