type Row = readonly [method: string, path: RegExp, action: string];

const LAMBDA: readonly Row[] = [
  ["GET", /^\/functions$/, "ListFunctions"],
  ["POST", /^\/functions$/, "CreateFunction"],
  ["GET", /^\/functions\/([^/]+)$/, "GetFunction"],
  ["DELETE", /^\/functions\/([^/]+)$/, "DeleteFunction"],
  ["GET", /^\/functions\/([^/]+)\/configuration$/, "GetFunctionConfiguration"],
  ["PUT", /^\/functions\/([^/]+)\/configuration$/, "UpdateFunctionConfiguration"],
  ["PUT", /^\/functions\/([^/]+)\/code$/, "UpdateFunctionCode"],
  ["POST", /^\/functions\/([^/]+)\/invocations$/, "Invoke"],
  ["GET", /^\/functions\/([^/]+)\/versions$/, "ListVersionsByFunction"],
  ["POST", /^\/functions\/([^/]+)\/versions$/, "PublishVersion"],
  ["GET", /^\/functions\/([^/]+)\/policy$/, "GetPolicy"],
  ["POST", /^\/functions\/([^/]+)\/policy$/, "AddPermission"],
  ["DELETE", /^\/functions\/([^/]+)\/policy\/[^/]+$/, "RemovePermission"],
  ["GET", /^\/functions\/([^/]+)\/code-signing-config$/, "GetFunctionCodeSigningConfig"],
  ["GET", /^\/functions\/([^/]+)\/concurrency$/, "GetFunctionConcurrency"],
  ["PUT", /^\/functions\/([^/]+)\/concurrency$/, "PutFunctionConcurrency"],
  ["DELETE", /^\/functions\/([^/]+)\/concurrency$/, "DeleteFunctionConcurrency"],
  ["GET", /^\/functions\/([^/]+)\/recursion-config$/, "GetFunctionRecursionConfig"],
  ["GET", /^\/event-source-mappings$/, "ListEventSourceMappings"],
  ["POST", /^\/event-source-mappings$/, "CreateEventSourceMapping"],
  ["GET", /^\/event-source-mappings\/([^/]+)$/, "GetEventSourceMapping"],
  ["PUT", /^\/event-source-mappings\/([^/]+)$/, "UpdateEventSourceMapping"],
  ["DELETE", /^\/event-source-mappings\/([^/]+)$/, "DeleteEventSourceMapping"],
  ["GET", /^\/tags\/(.+)$/, "ListTags"],
  ["POST", /^\/tags\/(.+)$/, "TagResource"],
  ["DELETE", /^\/tags\/(.+)$/, "UntagResource"],
];

/** Everything in CloudFront that has the same five verbs. */
const collection = (path: string, name: string, plural: string): Row[] => [
  ["GET", new RegExp(`^/${path}$`), `List${plural}`],
  ["POST", new RegExp(`^/${path}$`), `Create${name}`],
  ["GET", new RegExp(`^/${path}/([^/]+)$`), `Get${name}`],
  ["GET", new RegExp(`^/${path}/([^/]+)/config$`), `Get${name}Config`],
  ["PUT", new RegExp(`^/${path}/([^/]+)(?:/config)?$`), `Update${name}`],
  ["DELETE", new RegExp(`^/${path}/([^/]+)$`), `Delete${name}`],
];

const CLOUDFRONT: readonly Row[] = [
  ...collection("distribution", "Distribution", "Distributions"),
  ...collection("origin-access-control", "OriginAccessControl", "OriginAccessControls"),
  ...collection("cache-policy", "CachePolicy", "CachePolicies"),
  ["POST", /^\/distribution\/([^/]+)\/invalidation$/, "CreateInvalidation"],
  ["GET", /^\/tagging$/, "ListTagsForResource"],
];

const TABLES: Readonly<Record<string, readonly Row[]>> = { lambda: LAMBDA, cloudfront: CLOUDFRONT };

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** Names an action of a service whose action is its method and path (after the API's date). Undefined: not in the list. */
export const lambdaAndCloudFront = (
  service: string,
  method: string,
  path: string,
): { action: string; resource?: string } | undefined => {
  const local = path.replace(/^\/\d{4}-\d{2}-\d{2}/, "").replace(/\/$/, "");
  for (const [wanted, pattern, action] of TABLES[service] ?? []) {
    const match = wanted === method ? pattern.exec(local) : null;
    if (match) return match[1] === undefined ? { action } : { action, resource: decode(match[1]) };
  }
  return undefined;
};
