interface S3Action {
  readonly action: string;
  readonly resource?: string;
  readonly bucket?: string;
  readonly mutating: boolean;
}

/** Query parameter → what the action is called after Get, Put or Delete. */
const OF_BUCKET: Readonly<Record<string, string>> = {
  acl: "BucketAcl",
  policy: "BucketPolicy",
  policyStatus: "BucketPolicyStatus",
  versioning: "BucketVersioning",
  encryption: "BucketEncryption",
  publicAccessBlock: "PublicAccessBlock",
  ownershipControls: "BucketOwnershipControls",
  tagging: "BucketTagging",
  lifecycle: "BucketLifecycleConfiguration",
  cors: "BucketCors",
  website: "BucketWebsite",
  logging: "BucketLogging",
  notification: "BucketNotificationConfiguration",
  replication: "BucketReplication",
  accelerate: "BucketAccelerateConfiguration",
  requestPayment: "BucketRequestPayment",
  location: "BucketLocation",
  "object-lock": "ObjectLockConfiguration",
  inventory: "BucketInventoryConfiguration",
  analytics: "BucketAnalyticsConfiguration",
  metrics: "BucketMetricsConfiguration",
  "intelligent-tiering": "BucketIntelligentTieringConfiguration",
};
const OF_OBJECT: Readonly<Record<string, string>> = {
  acl: "ObjectAcl",
  tagging: "ObjectTagging",
  retention: "ObjectRetention",
  "legal-hold": "ObjectLegalHold",
  attributes: "ObjectAttributes",
  torrent: "ObjectTorrent",
};

const VERB: Readonly<Record<string, string>> = { GET: "Get", HEAD: "Get", PUT: "Put", DELETE: "Delete" };

const subresource = (names: Readonly<Record<string, string>>, method: string, query: URLSearchParams) => {
  const found = Object.keys(names).find((name) => query.has(name));
  const verb = VERB[method];
  return found && verb ? `${verb}${names[found]}` : undefined;
};

const bucketAction = (method: string, query: URLSearchParams): string | undefined => {
  const named = subresource(OF_BUCKET, method, query);
  if (named) return named;
  if (method === "GET" && query.has("versions")) return "ListObjectVersions";
  if (method === "GET" && query.has("uploads")) return "ListMultipartUploads";
  if (method === "GET") return query.get("list-type") === "2" ? "ListObjectsV2" : "ListObjects";
  if (method === "POST") return query.has("delete") ? "DeleteObjects" : "PostObject";
  return { HEAD: "HeadBucket", PUT: "CreateBucket", DELETE: "DeleteBucket" }[method];
};

const uploadAction = (method: string, query: URLSearchParams): string | undefined => {
  if (method === "POST" && query.has("uploads")) return "CreateMultipartUpload";
  if (!query.has("uploadId")) return undefined;
  return { PUT: "UploadPart", POST: "CompleteMultipartUpload", DELETE: "AbortMultipartUpload", GET: "ListParts" }[
    method
  ];
};

const objectAction = (method: string, query: URLSearchParams, copies: boolean): string | undefined => {
  const named = subresource(OF_OBJECT, method, query) ?? uploadAction(method, query);
  if (named) return named;
  if (method === "POST" && query.has("select")) return "SelectObjectContent";
  if (method === "POST" && query.has("restore")) return "RestoreObject";
  if (method === "PUT" && copies) return "CopyObject";
  return { GET: "GetObject", HEAD: "HeadObject", PUT: "PutObject", DELETE: "DeleteObject" }[method];
};

const isRead = (method: string, action: string): boolean =>
  method === "GET" || method === "HEAD" || method === "OPTIONS" || action === "SelectObjectContent";

/** S3 has no action names on the wire: they follow from method, path (bucket first, then key) and query. */
export const s3Action = (
  method: string,
  path: string,
  query: URLSearchParams,
  headers: Readonly<Record<string, unknown>>,
): S3Action => {
  const fallback = `${method} ${path}`;
  const [, bucket = "", ...rest] = path.split("/");
  const key = rest.join("/");
  // S3 Control, which shares the signing name.
  if (/^v\d{8}$/.test(bucket)) return { action: fallback, mutating: !isRead(method, fallback) };
  if (bucket === "")
    return { action: method === "GET" ? "ListBuckets" : fallback, mutating: !isRead(method, fallback) };
  const copies = headers["x-amz-copy-source"] !== undefined;
  const action = (key === "" ? bucketAction(method, query) : objectAction(method, query, copies)) ?? fallback;
  return { action, bucket, resource: key === "" ? bucket : `${bucket}/${key}`, mutating: !isRead(method, action) };
};
