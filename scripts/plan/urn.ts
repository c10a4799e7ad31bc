import { UserError } from "../lib/errors";

/** The root of every stack; it is nobody's parent type in a URN. */
export const STACK_TYPE = "pulumi:pulumi:Stack";

export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** Types of the parents, outermost first, without the stack; empty directly below the stack. */
  readonly parentTypes: readonly string[];
  readonly type: string;
  readonly name: string;
}

const SHAPE = /^urn:pulumi:(?<stack>[^:]+)::(?<project>[^:]+)::(?<types>.+?)::(?<name>.+)$/s;

/** @throws UserError when the text is no URN. */
export const parseUrn = (urn: string): UrnParts => {
  const parts = SHAPE.exec(urn)?.groups;
  const types = parts?.types?.split("$") ?? [];
  const type = types.pop();
  if (!parts?.stack || !parts.project || !parts.name || !type) {
    throw new UserError(`"${urn}" is not a Pulumi URN; expected urn:pulumi:STACK::PROJECT::TYPE::NAME`);
  }
  return { stack: parts.stack, project: parts.project, parentTypes: types, type, name: parts.name };
};

export const formatUrn = ({ stack, project, parentTypes, type, name }: UrnParts): string =>
  `urn:pulumi:${stack}::${project}::${[...parentTypes, type].join("$")}::${name}`;

/** The URN of the stack resource itself. */
export const stackUrn = (stack: string, project: string): string =>
  formatUrn({ stack, project, parentTypes: [], type: STACK_TYPE, name: `${project}-${stack}` });

/** Providers, stack references and reads of other states are the program's means, not what it owns. */
export const isBookkeeping = (type: string): boolean =>
  type === STACK_TYPE || type.startsWith("pulumi:") || type.startsWith("terraform:");
