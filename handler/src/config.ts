import { Engine, LanguageCode, VoiceId } from "@aws-sdk/client-polly";

/** What the function is told by its environment; every value is checked before the first record is read. */
export interface Config {
  /** Name of the deployment, e.g. `dev`: the dimension of every metric. */
  readonly environment: string;
  readonly bucket: string;
  /** Where a record goes that can never be spoken. */
  readonly failedQueueUrl: string;
  readonly voice: VoiceId;
  readonly engine: Engine;
  readonly language: LanguageCode;
}

type Problems = string[];

const required = (env: NodeJS.ProcessEnv, name: string, problems: Problems): string => {
  const value = env[name]?.trim() ?? "";
  if (value === "") problems.push(`${name} is not set`);
  return value;
};

const oneOf = <T extends string>(
  env: NodeJS.ProcessEnv,
  name: string,
  allowed: Readonly<Record<string, T>>,
  fallback: T,
  problems: Problems,
): T => {
  const value = env[name]?.trim() || fallback;
  const found = Object.values(allowed).find((candidate) => candidate === value);
  if (found === undefined) problems.push(`${name} is "${value}", expected e.g. "${fallback}"`);
  return found ?? fallback;
};

const url = (env: NodeJS.ProcessEnv, name: string, problems: Problems): string => {
  const value = required(env, name, problems);
  if (value !== "" && !URL.canParse(value)) problems.push(`${name} is "${value}", expected a URL`);
  return value;
};

/**
 * Reads and checks the environment. Throws one error that names every wrong variable: a misconfigured function must fail at
 * once and as a whole, while its records still wait in the stream.
 */
export const readConfig = (env: NodeJS.ProcessEnv): Config => {
  const problems: Problems = [];
  const config: Config = {
    environment: required(env, "ENVIRONMENT", problems),
    bucket: required(env, "AUDIO_BUCKET", problems),
    failedQueueUrl: url(env, "FAILED_QUEUE_URL", problems),
    voice: oneOf(env, "VOICE_ID", VoiceId, VoiceId.Joey, problems),
    engine: oneOf(env, "ENGINE", Engine, Engine.STANDARD, problems),
    language: oneOf(env, "LANGUAGE_CODE", LanguageCode, LanguageCode.en_US, problems),
  };
  if (problems.length > 0) throw new Error(`The function's environment is wrong: ${problems.join("; ")}.`);
  return config;
};
