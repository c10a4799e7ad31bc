import type { Classified } from "./classify";

/** Which calls a fault hits. Nothing given: all of them. */
export interface FaultTarget {
  readonly service?: string;
  readonly action?: string;
  readonly bucket?: string;
}

export type FaultKind =
  /** Answers with this status and AWS error code instead of asking the emulator. */
  | { readonly kind: "error"; readonly status: number; readonly code: string; readonly message?: string }
  /** Answers nothing; the connection stays open until the client gives up. */
  | { readonly kind: "stall" }
  /** Asks the emulator, and cuts the connection (RST) after so many bytes of its answer. */
  | { readonly kind: "reset"; readonly afterBytes: number };

export interface Fault extends FaultTarget {
  readonly effect: FaultKind;
  /** How many matching calls pass before it strikes. Default 0. */
  readonly after?: number;
  /** How often it strikes. Default: always. */
  readonly times?: number;
}

export const EXPIRED_TOKEN: FaultKind = { kind: "error", status: 400, code: "ExpiredTokenException" };
export const ACCESS_DENIED: FaultKind = { kind: "error", status: 403, code: "AccessDeniedException" };
export const THROTTLED: FaultKind = { kind: "error", status: 429, code: "ThrottlingException" };
export const SERVICE_UNAVAILABLE: FaultKind = { kind: "error", status: 503, code: "ServiceUnavailable" };

const hits = (target: FaultTarget, call: Classified): boolean =>
  (target.service === undefined || target.service === call.service) &&
  (target.action === undefined || target.action === call.action) &&
  (target.bucket === undefined || target.bucket === call.bucket);

export interface Injected {
  /** How many calls it has hit so far. */
  struck(): number;
  end(): void;
}

export interface FaultList {
  add(fault: Fault): Injected;
  /** The effect for this call, if any. Counts the call. */
  strike(call: Classified): FaultKind | undefined;
}

export const createFaults = (): FaultList => {
  const faults = new Set<{ readonly fault: Fault; seen: number; struck: number }>();
  return {
    add: (fault) => {
      const entry = { fault, seen: 0, struck: 0 };
      faults.add(entry);
      return { struck: () => entry.struck, end: () => void faults.delete(entry) };
    },
    strike: (call) => {
      for (const entry of faults) {
        if (!hits(entry.fault, call)) continue;
        entry.seen += 1;
        const { after = 0, times = Number.POSITIVE_INFINITY } = entry.fault;
        if (entry.seen <= after || entry.seen > after + times) continue;
        entry.struck += 1;
        return entry.fault.effect;
      }
      return undefined;
    },
  };
};

const XML = "text/xml";
const JSON_TYPE = "application/x-amz-json-1.1";

export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error in the form that the clients of a service read: XML in two shapes, or JSON. */
export const errorAnswer = (
  service: string,
  usesJson: boolean,
  { status, code, message = `${code} (injected)` }: Extract<FaultKind, { kind: "error" }>,
): ErrorAnswer => {
  const inner = `<Code>${code}</Code><Message>${message}</Message>`;
  if (service === "s3") {
    return { status, headers: { "content-type": XML }, body: `<Error>${inner}<RequestId>injected</RequestId></Error>` };
  }
  if (!usesJson) {
    const body = `<ErrorResponse><Error><Type>Sender</Type>${inner}</Error><RequestId>injected</RequestId></ErrorResponse>`;
    return { status, headers: { "content-type": XML }, body };
  }
  const headers = { "content-type": JSON_TYPE, "x-amzn-errortype": code };
  return { status, headers, body: JSON.stringify({ __type: code, message, Message: message }) };
};
