/** Why a record can never be spoken, however often it is tried. Stable: they are metric dimensions and stand in the queue. */
export type Reason =
  | "no-image"
  | "id-missing"
  | "id-not-a-number"
  | "text-missing"
  | "text-not-a-string"
  | "text-empty"
  | "text-too-long"
  | "text-lone-surrogate"
  | "text-control-character"
  | "ssml-too-long"
  | "ssml-invalid";

/** The record's own fault: it goes to the queue with its reason and the stream moves on. */
export class Rejected extends Error {
  override readonly name = "Rejected";
  constructor(
    readonly reason: Reason,
    message: string,
  ) {
    super(message);
  }
}

/** Polly answered 200 with something that is not a complete mp3. Worth another try. */
export class BadAudio extends Error {
  override readonly name = "BadAudio";
}

/** Others keep writing the same object: the record is handed back and tried again later. */
export class Contention extends Error {
  override readonly name = "Contention";
}

/** The invocation's time is over: the record was not begun. */
export class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

/** A fault of the deployment (permission, bucket, voice) that hits every record alike; trying again at once cannot help, and the invocation fails. */
export class Misconfigured extends Error {
  override readonly name = "Misconfigured";
}

/**
 * - `rejected`: to the queue, the stream moves on.
 * - `retry`: again, after a pause, within this invocation.
 * - `hand-back`: the stream keeps the record and delivers it again; the deployment has to change, or more time is needed.
 */
export type Fault = "rejected" | "retry" | "hand-back";

/** The parts of an SDK exception that matter here. */
interface ServiceError {
  readonly name: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

const asServiceError = (error: unknown): ServiceError =>
  error instanceof Error ? (error as ServiceError) : { name: "Unknown" };

export const statusOf = (error: unknown): number | undefined => asServiceError(error).$metadata?.httpStatusCode;

const THROTTLING =
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestThrottled|RequestLimitExceeded|SlowDown|RequestThrottledException|PriorRequestNotComplete|EC2ThrottledException)$/;

/** Polly throttles with HTTP 400, so the status alone says nothing. */
export const isThrottling = (error: unknown): boolean => {
  const { name, $retryable } = asServiceError(error);
  return THROTTLING.test(name) || $retryable?.throttling === true || statusOf(error) === 429;
};

/** Errors of the 4xx family that pass: a clock to be corrected, a slow request, a credential about to be renewed. */
const PASSING =
  /^(RequestTimeout|RequestTimeoutException|RequestTimeTooSkewed|RequestExpired|OperationAborted|ConditionalRequestConflict)$/;

export const faultOf = (error: unknown): Fault => {
  if (error instanceof Rejected) return "rejected";
  if (error instanceof Misconfigured || error instanceof Contention) return "hand-back";
  if (isThrottling(error) || PASSING.test(asServiceError(error).name)) return "retry";
  const status = statusOf(error);
  // No status: the connection failed, the stream was cut or stalled, or the audio was not whole.
  if (status === undefined || status >= 500 || status < 400) return "retry";
  return "hand-back";
};

/** For the log: the kind of error, never its message, which may quote the text. */
export const errorName = (error: unknown): string => {
  const name = asServiceError(error).name;
  const status = statusOf(error);
  return status === undefined ? name : `${name} (HTTP ${status})`;
};
