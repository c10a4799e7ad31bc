import {
  ACCESS_DENIED,
  EXPIRED_TOKEN,
  type Fault,
  type FaultKind,
  SERVICE_UNAVAILABLE,
  THROTTLED,
} from "../../rehearsal/proxy";

/** What AWS or the network does to one service that both tools ask. */
const ofLambda = (effect: FaultKind, times?: number): Fault => ({
  service: "lambda",
  effect,
  ...(times === undefined ? {} : { times }),
});

/** A bad moment that passes. Whoever asks again gets through. */
export const PASSING: readonly { readonly what: string; readonly fault: Fault }[] = [
  { what: "throttling", fault: ofLambda(THROTTLED, 4) },
  { what: "a service that is not available", fault: ofLambda(SERVICE_UNAVAILABLE, 2) },
  { what: "connections that break in the middle of an answer", fault: ofLambda({ kind: "reset", afterBytes: 60 }, 3) },
];

/** A fault that stays: asking again does not help, a person does. */
export const LASTING: readonly { readonly what: string; readonly fault: Fault; readonly says: RegExp }[] = [
  { what: "credentials that expire on the way", fault: ofLambda(EXPIRED_TOKEN), says: /ExpiredToken/ },
  {
    what: "a right that is missing",
    fault: { ...ofLambda(ACCESS_DENIED), action: "GetFunction" },
    says: /AccessDenied/,
  },
];
