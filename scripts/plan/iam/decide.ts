import { type Context, conditionHolds } from "./conditions";
import { type Matcher, readPolicy, type Statement } from "./document";
import { matches } from "./pattern";

export interface Request {
  /** `TYPE:id`, e.g. `Service:lambda.amazonaws.com` or `AWS:arn:aws:iam::111111111111:role/speak`. */
  readonly principal: string;
  /** e.g. `s3:PutObject`. */
  readonly action: string;
  /** ARN. */
  readonly resource: string;
  /** Condition keys and their values, e.g. `aws:RequestedRegion`. */
  readonly context?: Context;
}

/** As IAM's policy simulator names them. */
export type Decision = "allowed" | "explicitDeny" | "implicitDeny";

const selects = (matcher: Matcher | undefined, text: string): boolean =>
  matcher === undefined || matcher.patterns.some((pattern) => matches(pattern, text)) !== matcher.negated;

const applies = ({ principals, actions, resources, conditions }: Statement, request: Request): boolean =>
  selects(principals, request.principal) &&
  selects(actions, request.action.toLowerCase()) &&
  selects(resources, request.resource) &&
  conditions.every((condition) => conditionHolds(condition, request.context ?? {}));

/**
 * What one document by itself says about a request. Policy variables are left as they are written.
 * @throws UserError when it is no policy document or uses a condition operator that IAM does not have
 */
export const decide = (policy: unknown, request: Request): Decision => {
  const effects = readPolicy(policy)
    .statements.filter((statement) => applies(statement, request))
    .map(({ effect }) => effect);
  if (effects.includes("Deny")) return "explicitDeny";
  return effects.includes("Allow") ? "allowed" : "implicitDeny";
};
