import { isNode, isSeq, parseDocument } from "yaml";
import { z } from "zod";
import { UserError } from "../lib/errors";
import { readText, writeFileAtomic } from "../lib/files";

export interface StackConfig {
  /** The only account in `aws:allowedAccountIds`. */
  readonly account: string;
  readonly region: string;
  readonly owns: readonly string[];
}

const schema = z.object({
  "aws:region": z.string(),
  "aws:allowedAccountIds": z.array(z.coerce.string()).length(1, "expected exactly one account"),
  owns: z.array(z.string()).default([]),
});

const parseStackFile = (path: string, text: string) => {
  const document = parseDocument(text);
  const error = document.errors[0];
  if (error) throw new UserError(`${path} is not valid YAML: ${error.message}`, { fix: "correct the file" });
  return document;
};

/** Reads Pulumi.<stack>.yaml. `project` is the prefix of the program's own keys. */
export const readStackConfig = async (path: string, project: string): Promise<StackConfig> => {
  const document = parseStackFile(path, await readText(path, "restore it from version control"));
  const config = (document.toJS() as { config?: Record<string, unknown> } | null)?.config ?? {};
  const result = schema.safeParse({ ...config, owns: config[`${project}:owns`] ?? [] });
  if (result.success) {
    const { "aws:region": region, "aws:allowedAccountIds": accounts, owns } = result.data;
    return { region, account: accounts[0] ?? "", owns };
  }
  const issue = result.error.issues[0];
  throw new UserError(`${path}: config.${issue?.path.join(".")}: ${issue?.message}`, { fix: "correct the file" });
};

/** The same text with another list of owned modules; every other byte stays, comments included. */
export const withOwns = (path: string, text: string, project: string, owns: readonly string[]): string => {
  const document = parseStackFile(path, text);
  const key = ["config", `${project}:owns`];
  const node = document.getIn(key, true);
  if (!isNode(node) || !node.range) {
    document.setIn(key, document.createNode(owns, { flow: true }));
    return document.toString({ lineWidth: 0, flowCollectionPadding: false });
  }
  if (isSeq(node) && !node.flow) {
    const fix = `write it as \`${project}:owns: [${owns.join(", ")}]\``;
    throw new UserError(`${path}: ${project}:owns must be a list on one line`, { fix });
  }
  return `${text.slice(0, node.range[0])}[${owns.join(", ")}]${text.slice(node.range[1])}`;
};

/** Writes the list of owned modules; no write when it is already so. */
export const writeOwns = async (path: string, project: string, owns: readonly string[]): Promise<void> => {
  const text = await readText(path, "restore it from version control");
  const edited = withOwns(path, text, project, owns);
  if (edited !== text) await writeFileAtomic(path, edited);
};
