import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "@cdktn/hcl2json";
import { z } from "zod";
import { readStackConfig } from "../pulumi/stack-config";
import { messageOf, UserError } from "./errors";
import { readText } from "./files";
import { paths } from "./paths";

/** What the two sides' own files say about an environment, once they agree. */
export interface Settings {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
  /** Where Terraform keeps its state; absent when it is a local file. */
  readonly stateObject?: { readonly bucket: string; readonly key: string; readonly region: string };
  /** Pulumi project, e.g. `text-to-speech`. */
  readonly project: string;
  /** In Terraform's tfvars. */
  readonly released: readonly string[];
  /** In Pulumi's stack config. */
  readonly owns: readonly string[];
}

const tfvarsSchema = z.object({
  account_id: z.string().regex(/^\d{12}$/, "expected the 12 digits of an AWS account"),
  region: z.string().min(1),
  released: z.array(z.string()),
});
const backendSchema = z.object({ bucket: z.string(), key: z.string(), region: z.string() });

/** Parses an HCL file of plain assignments and checks the fields that matter here. */
const readHcl = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
  const text = await readText(path, "restore it from version control");
  const values: unknown = await parse(path, text).catch((error: unknown) => {
    throw new UserError(`${path} is not valid HCL: ${messageOf(error)}`, { fix: "correct the file", cause: error });
  });
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new UserError(`${path}: ${issue?.path.join(".")}: ${issue?.message}`, { fix: "correct the file" });
};

/** Environments that have a tfvars file, in alphabetical order. */
export const knownEnvironments = (workspace: string): string[] => {
  const folder = join(workspace, "legacy-terraform");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith(".tfvars"))
    .map((file) => file.slice(0, -".tfvars".length))
    .sort();
};

const sameEverywhere = (files: readonly string[], field: string, values: readonly string[]): void => {
  if (new Set(values).size <= 1) return;
  const said = files.map((file, index) => `${file} says ${values[index]}`).join(", ");
  throw new UserError(`the two sides disagree on the ${field}: ${said}`, { fix: "make both files say the same" });
};

/** Reads the files of both sides and refuses when they speak of different places. */
export const readSettings = async (place: { workspace: string; environment: string }): Promise<Settings> => {
  const files = paths(place);
  const tfvars = await readHcl(files.tfvars, tfvarsSchema);
  const backend = existsSync(files.backend) ? await readHcl(files.backend, backendSchema) : undefined;
  const project = /^name:\s*(\S+)/m.exec(await readFile(files.project, "utf8"))?.[1] ?? "";
  const stack = await readStackConfig(files.stackConfig, project);
  const pair = [files.tfvars, files.stackConfig];
  sameEverywhere(pair, "account", [tfvars.account_id, stack.account]);
  sameEverywhere(pair, "region", [tfvars.region, stack.region]);
  return {
    account: tfvars.account_id,
    region: tfvars.region,
    project,
    released: tfvars.released,
    owns: stack.owns,
    ...(backend ? { stateObject: { bucket: backend.bucket, key: backend.key, region: backend.region } } : {}),
  };
};
