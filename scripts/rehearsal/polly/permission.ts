import { createHash } from "node:crypto";
import { IAMClient, SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { messageOf } from "../../lib/errors";
import { clientSettings, DUMMY_KEYS } from "../isolation";
import { PollyError } from "./requests";

const ACTION = "polly:SynthesizeSpeech";
/** Milliseconds for which an answer is good: a policy that changes is felt within a second. */
const FRESH_FOR = 1_000;

/**
 * The key under which the emulator lets a function act as its role; it derives the key from both names. The
 * emulator's version is pinned, and a test with the real one fails if the rule changes.
 */
export const sessionKeyOf = (functionArn: string, roleArn: string): string =>
  `ASIA${createHash("sha256").update(`${functionArn}:${roleArn}`).digest("hex").slice(0, 16).toUpperCase()}`;

/** Who signed a request, and for which region. */
export const signerOf = (authorization: string | undefined): { key: string; region: string } | undefined => {
  const [, key, region] = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\//.exec(authorization ?? "") ?? [];
  return key !== undefined && region !== undefined ? { key, region } : undefined;
};

export interface Gate {
  /** @throws PollyError when the caller may not speak. */
  check(authorization: string | undefined): Promise<void>;
}

/** Lets everybody speak: for a Polly that stands alone. */
export const openGate: Gate = { check: async () => undefined };

const denied = (who: string): PollyError =>
  new PollyError(403, "AccessDeniedException", `User: ${who} is not authorized to perform: ${ACTION}`);

interface Answer {
  readonly until: number;
  readonly allowed: boolean;
  readonly who: string;
}

/** Asks the emulator's IAM whether the role behind a caller's key may speak. */
export const iamGate = (endpoint: string, region: string): Gate => {
  const lambda = new LambdaClient(clientSettings(endpoint, region));
  const iam = new IAMClient(clientSettings(endpoint, region));
  const answers = new Map<string, Answer>();

  const roleBehind = async (key: string): Promise<string | undefined> => {
    const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
    return Functions.find(({ FunctionArn = "", Role = "" }) => sessionKeyOf(FunctionArn, Role) === key)?.Role;
  };
  const ask = async (key: string, requested: string): Promise<Answer> => {
    const role = await roleBehind(key);
    const until = Date.now() + FRESH_FOR;
    if (!role) return { until, allowed: false, who: `the holder of ${key}` };
    const ContextEntries = [
      { ContextKeyName: "aws:RequestedRegion", ContextKeyType: "string" as const, ContextKeyValues: [requested] },
    ];
    const question = { PolicySourceArn: role, ActionNames: [ACTION], ContextEntries };
    const { EvaluationResults } = await iam.send(new SimulatePrincipalPolicyCommand(question));
    return { until, allowed: EvaluationResults?.[0]?.EvalDecision === "allowed", who: role };
  };
  const answerFor = async (key: string, requested: string): Promise<Answer> => {
    try {
      return await ask(key, requested);
    } catch (error) {
      // As in AWS, a caller that cannot be looked up now may try again.
      throw new PollyError(503, "ServiceUnavailableException", `IAM did not answer: ${messageOf(error)}`);
    }
  };

  return {
    async check(authorization) {
      const signer = signerOf(authorization);
      if (!signer) throw new PollyError(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
      const { key } = signer;
      // The emulator's root, who may do anything.
      if (key === DUMMY_KEYS.accessKeyId) return;
      const question = `${key} ${signer.region}`;
      const known = answers.get(question);
      const answer = known && known.until > Date.now() ? known : await answerFor(key, signer.region);
      answers.set(question, answer);
      if (!answer.allowed) throw denied(answer.who);
    },
  };
};
