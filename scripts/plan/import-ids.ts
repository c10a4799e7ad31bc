import { importIdFormats, notImportable } from "./import-id-formats";
import { Sensitive } from "./sensitive";
import type { Finding, InventoryResource, Value, ValueObject } from "./types";
import { isEmpty } from "./values";

export type ImportId = { readonly id: string } | { readonly finding: Finding };

/** Where the resources must be. */
export interface Home {
  readonly account: string;
  readonly region: string;
}

class NotSet extends Error {
  constructor(readonly attribute: string) {
    super(attribute);
  }
}

const PLACEHOLDER = /\{(?<names>[a-z0-9_|]+)(?<modifier>:last|:all)?\}/g;
const OPTIONAL = /\[(?<part>[^\]]*)\]/g;

const textOf = (value: Value | undefined, modifier: string | undefined): string | undefined => {
  if (value instanceof Sensitive || isEmpty(value)) return undefined;
  if (Array.isArray(value)) return modifier === ":all" ? value.join("/") : undefined;
  if (typeof value === "object") return undefined;
  return modifier === ":last" ? String(value).split(/[:/]/).at(-1) : String(value);
};

const fill = (format: string, attributes: ValueObject): string =>
  format.replace(PLACEHOLDER, (_all, names: string, modifier: string | undefined) => {
    const found = names.split("|").map((name) => textOf(attributes[name], modifier));
    const text = found.find((candidate) => candidate !== undefined);
    if (text === undefined) throw new NotSet(names);
    return text;
  });

const fillOptional = (part: string, attributes: ValueObject): string => {
  try {
    return fill(part, attributes);
  } catch (error) {
    if (error instanceof NotSet) return "";
    throw error;
  }
};

/** Fills a format of import-id-formats.ts. Optional parts first: what is in them may hold no brackets. */
export const buildImportId = (format: string, attributes: ValueObject): string => {
  const pieces = format.split(OPTIONAL);
  return pieces.map((piece, index) => (index % 2 ? fillOptional(piece, attributes) : fill(piece, attributes))).join("");
};

const list = (value: Value | undefined): readonly Value[] => (Array.isArray(value) ? value : []);

/** SG_TYPE_PROTOCOL_FROM_TO_SOURCE[_SOURCE…] (ec2/securityGroupRule): the sources come from five attributes. */
const securityGroupRuleId = (attributes: ValueObject): string => {
  const protocol = attributes.protocol === "-1" ? "all" : attributes.protocol;
  const sources = [
    ...list(attributes.cidr_blocks),
    ...list(attributes.ipv6_cidr_blocks),
    ...list(attributes.prefix_list_ids),
    ...(attributes.self === true ? ["self"] : []),
    ...(isEmpty(attributes.source_security_group_id) ? [] : [attributes.source_security_group_id]),
  ];
  if (sources.length === 0) throw new NotSet("cidr_blocks, source_security_group_id, self …");
  const head = buildImportId("{security_group_id}_{type}", attributes);
  return [head, protocol, attributes.from_port, attributes.to_port, ...sources].map(String).join("_");
};

const refuse = (address: string, message: string, fix: string): ImportId => ({
  finding: { category: "not-importable", message: `${address}: ${message}`, fix },
});

/** The id that `pulumi import` needs, made from the attributes of the resource in Terraform's state. */
export const importIdOf = ({ address, type, attributes }: InventoryResource): ImportId => {
  const advice = notImportable.get(type);
  if (advice) return refuse(address, `${type} cannot be imported`, advice);
  const known = importIdFormats.get(type);
  if (!known && type !== "aws_security_group_rule") {
    return refuse(
      address,
      `no import id is known for ${type}`,
      `Read the "Import" section of its documentation in @pulumi/aws and add its format to import-id-formats.ts.`,
    );
  }
  try {
    return { id: known ? buildImportId(known.format, attributes) : securityGroupRuleId(attributes) };
  } catch (error) {
    if (!(error instanceof NotSet)) throw error;
    return refuse(
      address,
      `its import id needs the attribute ${error.attribute}, which is not set in Terraform's state`,
      "Refresh Terraform's state, then try again.",
    );
  }
};

const ARN = /^arn:[a-z-]+:[a-z0-9-]+:(?<region>[a-z0-9-]*):(?<account>[0-9]*):/;

/** An import in the wrong region or account can succeed with somebody else's resource, so the ARN must say otherwise. */
export const checkHome = ({ address, attributes }: InventoryResource, home: Home): Finding[] => {
  const arn = typeof attributes.arn === "string" ? ARN.exec(attributes.arn)?.groups : undefined;
  const findings: Finding[] = [];
  if (arn?.account && arn.account !== home.account) {
    findings.push({
      category: "wrong-account",
      message: `${address} is in account ${arn.account} (${attributes.arn}), the environment is account ${home.account}`,
      fix: "Use the credentials and the state of this environment.",
    });
  }
  if (arn?.region && arn.region !== home.region) {
    findings.push({
      category: "wrong-region",
      message: `${address} is in region ${arn.region} (${attributes.arn}), the environment is in ${home.region}`,
      fix: "Correct `aws:region` of the stack, or keep this resource out of the map.",
    });
  }
  return findings;
};
