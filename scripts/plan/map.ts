import { isMap, isScalar, LineCounter, type ParsedNode, parseDocument, type YAMLMap } from "yaml";
import { z } from "zod";
import { UserError } from "../lib/errors";
import { sha256 } from "../lib/files";
import { parseAddress } from "./address";
import type { MappedComponent, MappedResource, MigrationMap } from "./types";

const TOKEN = /^[a-z0-9-]+:[a-zA-Z0-9/]+:[A-Z][A-Za-z0-9]*$/;
const WAVE = /^[a-z][a-z0-9-]*$/;

const token = z.string().regex(TOKEN, "is no Pulumi type token; expected package:module:Type");

const wave = z.string().regex(WAVE, "expected lower-case letters, digits and hyphens");

const mapShape = z.strictObject({
  version: z.literal(1),
  project: z.string().regex(WAVE, "expected the name in Pulumi.yaml"),
  waves: z.array(wave).min(1),
  components: z.record(z.string(), token),
  resources: z
    .array(
      z.strictObject({
        terraform: z
          .string()
          .refine(
            parseAddress,
            "is no address of a Terraform resource; expected e.g. module.storage[0].aws_s3_bucket.audio",
          ),
        type: token,
        name: z.string().min(1),
        parent: z.string().min(1),
        wave,
      }),
    )
    .min(1),
  skipped: z.array(z.strictObject({ terraform: z.string().min(1), reason: z.string().min(1) })).default([]),
});

type MapShape = z.infer<typeof mapShape>;
type Path = readonly PropertyKey[];

const FIX = "Correct the map; its form is described at the head of scripts/migration-map.yaml.";

/** Reads the map text; remembers on which line everything stands. */
class MapText {
  private readonly lines = new LineCounter();
  private readonly document;

  constructor(
    text: string,
    private readonly file: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines, uniqueKeys: true });
    const [fault] = this.document.errors;
    if (fault)
      throw new UserError(`${file}:${fault.linePos?.[0].line ?? 1}: ${fault.message.split("\n")[0]}`, { fix: FIX });
  }

  content(): unknown {
    return this.document.toJS();
  }

  /** The line of a value, of its key where it is a block, or of the nearest thing above that exists. */
  lineOf(path: Path): number {
    for (let length = path.length; length >= 0; length -= 1) {
      const offset = this.offsetOf(path.slice(0, length));
      if (offset !== undefined) return this.lines.linePos(offset).line;
    }
    return 1;
  }

  at(path: Path): string {
    return `${this.file}:${this.lineOf(path)}`;
  }

  private offsetOf(path: Path): number | undefined {
    const parent = path.length > 0 ? this.document.getIn(path.slice(0, -1), true) : undefined;
    const pair = isMap(parent)
      ? (parent as YAMLMap<ParsedNode>).items.find((item) => isScalar(item.key) && item.key.value === path.at(-1))
      : undefined;
    const node = pair?.key ?? (this.document.getIn(path, true) as ParsedNode | undefined);
    return node?.range?.[0];
  }
}

const readResources = (shape: MapShape, text: MapText): MappedResource[] =>
  shape.resources.map(({ terraform, type, name, parent, wave }, index) => ({
    address: terraform,
    terraformType: parseAddress(terraform)?.type ?? "",
    type,
    name,
    parent: { type: shape.components[parent] ?? "", name: parent },
    wave,
    line: text.lineOf(["resources", index, "terraform"]),
  }));

/** A component moves with the wave of what is in it. */
const readComponents = ({ components, resources }: MapShape): MappedComponent[] =>
  Object.entries(components).map(([name, type]) => ({
    name,
    type,
    wave: resources.find(({ parent }) => parent === name)?.wave ?? "",
  }));

interface Fault {
  readonly path: Path;
  readonly message: string;
}

/** References inside the map that lead nowhere. */
const danglingReferences = ({ resources, components, waves }: MapShape): Fault[] => [
  ...resources.flatMap(({ parent, wave }, index): Fault[] => [
    ...(parent in components
      ? []
      : [{ path: ["resources", index, "parent"], message: `"${parent}" is not under components` }]),
    ...(waves.includes(wave) ? [] : [{ path: ["resources", index, "wave"], message: `"${wave}" is not under waves` }]),
  ]),
  ...Object.keys(components).flatMap((name): Fault[] => {
    const inside = new Set(resources.filter(({ parent }) => parent === name).map(({ wave }) => wave));
    if (inside.size === 1) return [];
    const message =
      inside.size === 0
        ? "no resource has this parent"
        : `its resources are in waves ${[...inside].join(", ")}; a component moves as one`;
    return [{ path: ["components", name], message }];
  }),
];

const refuse = (faults: readonly Fault[], text: MapText): never => {
  const lines = faults.map(({ path, message }) => `${text.at(path)}: ${path.join(".") || "the map"}: ${message}`);
  throw new UserError(lines.join("\n"), { fix: FIX });
};

/**
 * Reads scripts/migration-map.yaml.
 * @param file its name in messages
 * @throws UserError with file, line, field and expectation of everything that is wrong with its form
 */
export const readMap = (content: string, file: string): MigrationMap => {
  const text = new MapText(content, file);
  const parsed = mapShape.safeParse(text.content());
  if (!parsed.success) return refuse(parsed.error.issues, text);
  const faults = danglingReferences(parsed.data);
  if (faults.length > 0) return refuse(faults, text);
  const { project, waves, skipped } = parsed.data;
  return {
    version: 1,
    project,
    waves,
    components: readComponents(parsed.data),
    resources: readResources(parsed.data, text),
    skipped: skipped.map(({ terraform, reason }) => ({ address: terraform, reason })),
    sha256: sha256(content),
  };
};
