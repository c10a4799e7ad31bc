import { MASK } from "../plan/sensitive";

/** Shorter values occur by chance in any text, and masking them would make messages unreadable. */
const SHORTEST = 6;

const SECRET_VARIABLES = [
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "PULUMI_ACCESS_TOKEN",
  "PULUMI_CONFIG_PASSPHRASE",
] as const;

const known = new Set<string>();

/** Makes a value unprintable from here on, in every message and log line that passes through `mask`. */
export const rememberSecret = (value: unknown): void => {
  if (typeof value === "string") {
    if (value.length >= SHORTEST) known.add(value);
    return;
  }
  if (value !== null && typeof value === "object") for (const part of Object.values(value)) rememberSecret(part);
};

export const rememberSecretsOf = (env: NodeJS.ProcessEnv): void => {
  for (const name of SECRET_VARIABLES) rememberSecret(env[name]);
};

const forms = (secret: string): string[] => {
  const quoted = JSON.stringify(secret).slice(1, -1);
  return quoted === secret ? [secret] : [secret, quoted];
};

/** Replaces every known secret, as it is and as JSON would print it. */
export const mask = (text: string): string => {
  let masked = text;
  // Longest first: a secret that contains another must not leave its rest behind.
  for (const secret of [...known].sort((a, b) => b.length - a.length)) {
    for (const form of forms(secret)) masked = masked.replaceAll(form, MASK);
  }
  return masked;
};
