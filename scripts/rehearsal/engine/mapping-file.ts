import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { messageOf, UserError } from "../../lib/errors";
import type { ProviderMapping } from "../../plan/provider-mapping";
import { startAwsAdapter } from "./aws/adapter";
import { buildMappingDocument } from "./aws/mapping-document";
import { readSdkTypings } from "./aws/sdk-typings";
import { AWS_PLUGIN } from "./versions";

const SCRIPTS = join(__dirname, "..", "..");
export const MAPPING_FILE = join(SCRIPTS, "plan", "provider-mapping.json");
export const MIGRATION_MAP = join(SCRIPTS, "migration-map.yaml");

/** Terraform types wherever they stand in the file: its exact form is the business of those who plan with it. */
export const typesInMap = (text: string): string[] => {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === "string") for (const [type] of value.matchAll(/\baws_[a-z0-9_]+\b/g)) found.add(type);
    else if (typeof value === "object" && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        visit(key);
        visit(inner);
      }
    }
  };
  visit(parse(text));
  return [...found].sort();
};

/** The Terraform types that the pipeline uses, from the migration map. */
export const typesInUse = async (): Promise<string[]> => {
  const types = typesInMap(await readFile(MIGRATION_MAP, "utf8").catch((error: unknown) => noMap(error)));
  if (types.length === 0) throw new UserError(`${MIGRATION_MAP} names no Terraform types`);
  return types;
};

const noMap = (error: unknown): never => {
  throw new UserError(`${MIGRATION_MAP} cannot be read: ${messageOf(error)}`, {
    fix: "or name the types as arguments",
  });
};

const mappingShape = z.object({ plugin: z.string(), resources: z.record(z.string(), z.unknown()) });

/** The Terraform types of the committed file. */
export const typesInFile = async (): Promise<string[]> =>
  Object.keys(mappingShape.parse(JSON.parse(await readFile(MAPPING_FILE, "utf8"))).resources);

/** Asks a live plugin; needs no AWS, since nothing is configured. */
export const readLiveMapping = async (
  bridge: string,
  awsProviderBinary: string,
  types: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ProviderMapping> => {
  const adapter = await startAwsAdapter({
    binary: bridge,
    awsProviderBinary,
    env,
    archiveFolder: join(tmpdir(), "unused-archives"),
    programFolders: [],
    onLine: () => undefined,
  });
  try {
    return buildMappingDocument(
      adapter.mapping,
      adapter.tokens.resources,
      types,
      `aws@${AWS_PLUGIN}`,
      readSdkTypings(),
    );
  } finally {
    await adapter.stop();
  }
};
