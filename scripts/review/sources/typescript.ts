import { posix } from "node:path";
import ts from "typescript";
import type { SourceFile, SourceRange } from "./types";

/** One `new aws.module.Type("name", { … })` in the program. */
export interface ProgramResource {
  /** As written: `aws.dynamodb.Table`. */
  readonly constructorName: string;
  /** First argument where it is a plain string; of a template its fixed part, e.g. `-audio`. */
  readonly name: string;
  /** First argument as written. */
  readonly nameText: string;
  /** Type token of the component in whose file it stands; empty outside of components. */
  readonly component: string;
  /** The declaration that makes it, with its comment. */
  readonly range: SourceRange;
  /** Functions and constants that it uses, from the same file or imported from one beside it. */
  readonly related: readonly SourceRange[];
  /** Leaves of the second argument, by path such as `origins[0].originId`, with the text of their values. */
  readonly args: Readonly<Record<string, string>>;
  /** The same of the third: parent, protect, dependsOn … */
  readonly options: Readonly<Record<string, string>>;
}

interface Parsed {
  readonly path: string;
  readonly node: ts.SourceFile;
  readonly component: string;
  /** Top-level functions and constants by name. */
  readonly declarations: ReadonlyMap<string, ts.Statement>;
  /** Local name → file it is imported from. */
  readonly imports: ReadonlyMap<string, string>;
}

const walk = (node: ts.Node, visit: (node: ts.Node) => void): void => {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
};

const isAwsConstructor = (node: ts.Node): node is ts.NewExpression =>
  ts.isNewExpression(node) &&
  /^aws(\.\w+)+$/.test(node.expression.getText()) &&
  node.arguments?.[0] !== undefined &&
  (ts.isStringLiteralLike(node.arguments[0]) || ts.isTemplateExpression(node.arguments[0]));

const constructorsIn = (node: ts.Node): ts.NewExpression[] => {
  const found: ts.NewExpression[] = [];
  walk(node, (each) => {
    if (isAwsConstructor(each)) found.push(each);
  });
  return found;
};

const componentIn = (node: ts.SourceFile): string => {
  let token = "";
  walk(node, (each) => {
    if (!ts.isCallExpression(each) || each.expression.kind !== ts.SyntaxKind.SuperKeyword) return;
    const [first] = each.arguments;
    if (first && ts.isStringLiteralLike(first)) token ||= first.text;
  });
  return token;
};

const declarationsOf = (node: ts.SourceFile): Map<string, ts.Statement> => {
  const declarations = new Map<string, ts.Statement>();
  for (const statement of node.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name) declarations.set(statement.name.text, statement);
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name } of statement.declarationList.declarations) {
      if (ts.isIdentifier(name)) declarations.set(name.text, statement);
    }
  }
  return declarations;
};

const importsOf = (node: ts.SourceFile, path: string): Map<string, string> => {
  const imports = new Map<string, string>();
  for (const statement of node.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    const from = statement.moduleSpecifier.text;
    const bindings = statement.importClause?.namedBindings;
    if (!from.startsWith(".") || !bindings || !ts.isNamedImports(bindings)) continue;
    const file = `${posix.join(posix.dirname(path), from)}.ts`;
    for (const { name } of bindings.elements) imports.set(name.text, file);
  }
  return imports;
};

const parse = ({ path, text }: SourceFile): Parsed => {
  const node = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return {
    path,
    node,
    component: componentIn(node),
    declarations: declarationsOf(node),
    imports: importsOf(node, path),
  };
};

const rangeOf = ({ node, path }: Parsed, part: ts.Node): SourceRange => {
  const comments = ts.getLeadingCommentRanges(node.text, part.getFullStart()) ?? [];
  const line = (offset: number): number => node.getLineAndCharacterOfPosition(offset).line + 1;
  let from = line(part.getStart());
  // A comment belongs to the declaration when no empty line parts them.
  for (const comment of [...comments].reverse()) if (line(comment.end) >= from - 1) from = line(comment.pos);
  return { path, from, to: line(part.getEnd()) };
};

const statementOf = (node: ts.Node): ts.Statement => {
  let current = node;
  while (!ts.isStatement(current)) current = current.parent;
  return current;
};

/** The top-level declaration where it makes this resource alone, else the statement within. */
const declarationOf = (node: ts.NewExpression): ts.Statement => {
  let statement = statementOf(node);
  for (let outer: ts.Node = statement; !ts.isSourceFile(outer); outer = outer.parent) {
    if (!ts.isFunctionDeclaration(outer) && !ts.isVariableStatement(outer)) continue;
    if (constructorsIn(outer).length === 1) statement = outer;
  }
  return statement;
};

const identifiersIn = (node: ts.Node): Set<string> => {
  const names = new Set<string>();
  walk(node, (each) => {
    if (ts.isIdentifier(each)) names.add(each.text);
  });
  return names;
};

/** Declarations that make no resource themselves: policies, constants, small helpers. */
const relatedTo = (part: ts.Statement, file: Parsed, files: ReadonlyMap<string, Parsed>): SourceRange[] =>
  [...identifiersIn(part)].flatMap((name) => {
    const home = file.declarations.has(name) ? file : files.get(file.imports.get(name) ?? "");
    const declaration = home?.declarations.get(name);
    if (!home || !declaration || declaration === part || constructorsIn(declaration).length > 0) return [];
    return [rangeOf(home, declaration)];
  });

const nameOf = (node: ts.Expression | undefined): string => {
  if (!node) return "";
  if (ts.isStringLiteralLike(node)) return node.text;
  return ts.isTemplateExpression(node)
    ? node.head.text + node.templateSpans.map(({ literal }) => literal.text).join("")
    : "";
};

/** Takes objects, and lists of objects, apart down to what is neither. */
const leavesOf = (node: ts.Expression | undefined, path = ""): (readonly [string, string])[] => {
  if (!node) return [];
  if (ts.isArrayLiteralExpression(node) && node.elements.some(ts.isObjectLiteralExpression)) {
    return node.elements.flatMap((element, index) => leavesOf(element, `${path}[${index}]`));
  }
  if (!ts.isObjectLiteralExpression(node)) return [[path, node.getText()]];
  return node.properties.flatMap((property) => {
    const key = property.name ? (ts.isStringLiteral(property.name) ? property.name.text : property.name.getText()) : "";
    const below = path ? `${path}.${key}` : key;
    if (ts.isPropertyAssignment(property)) return leavesOf(property.initializer, below);
    return [[below, property.name?.getText() ?? property.getText()] as const];
  });
};

/** Every AWS resource that the program constructs. Reads the syntax alone: nothing is run or type-checked. */
export const programResources = (sources: readonly SourceFile[]): readonly ProgramResource[] => {
  const files = new Map(sources.map((source) => [source.path, parse(source)]));
  return [...files.values()].flatMap((file) =>
    constructorsIn(file.node).map((node) => {
      const declaration = declarationOf(node);
      const [name, args, options] = node.arguments ?? [];
      return {
        constructorName: node.expression.getText(),
        name: nameOf(name),
        nameText: name?.getText() ?? "",
        component: file.component,
        range: rangeOf(file, declaration),
        related: relatedTo(declaration, file, files),
        args: Object.fromEntries(leavesOf(args)),
        options: Object.fromEntries(leavesOf(options)),
      };
    }),
  );
};

/** `aws:dynamodb/table:Table` → `aws.dynamodb.Table`. */
export const constructorOfToken = (token: string): string => {
  const [pkg = "", module = "", type = ""] = token.split(":");
  const namespace = module.split("/")[0] ?? "";
  return [pkg, namespace === "index" ? "" : namespace, type].filter(Boolean).join(".");
};
