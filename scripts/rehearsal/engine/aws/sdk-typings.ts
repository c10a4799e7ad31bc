import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { sdkFolder } from "./sdk-tokens";

/** A property as the typings of `@pulumi/aws` declare it. */
export interface SdkProperty {
  readonly list: boolean;
  /** The properties of the object that it holds, or undefined for a plain value. */
  readonly object: string | undefined;
}

export type SdkObject = ReadonlyMap<string, SdkProperty>;

/**
 * The output typings of `@pulumi/aws`: what the official plugin's schema says about names and lists. The bridge's names
 * are held against them, so that a divergence is found by a check and not by a failing deployment.
 */
export interface SdkTypings {
  /** @param token such as `aws:dynamodb/table:Table`. */
  resource(token: string): SdkObject;
  /** @param name as `SdkProperty.object` gives it. */
  object(name: string): SdkObject;
  /** What the configuration of the provider takes. */
  provider(): SdkObject;
}

const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022);

/** Finds the first object type named in a type such as `pulumi.Output<outputs.s3.BucketV2Grant[] | undefined>`. */
const property = (type: ts.TypeNode | undefined, source: ts.SourceFile): SdkProperty => {
  const text = type?.getText(source) ?? "";
  const object = /\b(?:outputs|inputs)\.([\w.]+)/.exec(text)?.[1];
  return { list: /\[\]|ReadonlyArray/.test(text), object };
};

const members = (
  node: ts.InterfaceDeclaration | ts.ClassDeclaration,
  source: ts.SourceFile,
): [string, SdkProperty][] => {
  const found: [string, SdkProperty][] = [];
  for (const member of node.members) {
    const declared = ts.isPropertySignature(member) || ts.isPropertyDeclaration(member);
    const hidden =
      ts.canHaveModifiers(member) && ts.getModifiers(member)?.some((one) => one.kind === ts.SyntaxKind.StaticKeyword);
    if (declared && !hidden) found.push([member.name.getText(source), property(member.type, source)]);
  }
  return found;
};

const objects = (folder: string): Map<string, SdkObject> => {
  const source = parse(join(folder, "types/output.d.ts"));
  const found = new Map<string, SdkObject>();
  const visit = (node: ts.Node, path: string): void => {
    if (ts.isInterfaceDeclaration(node)) found.set(`${path}${node.name.text}`, new Map(members(node, source)));
    if (!ts.isModuleDeclaration(node) || !node.body || !ts.isModuleBlock(node.body)) return;
    for (const statement of node.body.statements) visit(statement, `${path}${node.name.text}.`);
  };
  for (const statement of source.statements) visit(statement, "");
  return found;
};

const classIn = (path: string, name: string): SdkObject => {
  const source = parse(path);
  const found = source.statements.find((node) => ts.isClassDeclaration(node) && node.name?.text === name);
  return new Map(found ? members(found as ts.ClassDeclaration, source) : []);
};

const interfaceIn = (path: string, name: string): SdkObject => {
  const source = parse(path);
  const found = source.statements.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
  return new Map(found ? members(found as ts.InterfaceDeclaration, source) : []);
};

export const readSdkTypings = (folder = sdkFolder()): SdkTypings => {
  let all: Map<string, SdkObject> | undefined;
  return {
    resource(token) {
      const [, path = "", name = ""] = token.split(":");
      return classIn(join(folder, `${path}.d.ts`), name);
    },
    object(name) {
      all ??= objects(folder);
      return all.get(name) ?? new Map();
    },
    provider: () => interfaceIn(join(folder, "provider.d.ts"), "ProviderArgs"),
  };
};
