import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { SourceFile } from "../sources/types";

const ROOT = join(__dirname, "../../..");

const readFolder = (folder: string, fits: (path: string) => boolean): SourceFile[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((path) => join(ROOT, folder, path))
    .filter((path) => fits(relative(ROOT, path).split(sep).join("/")))
    .sort()
    .map((path) => ({ path: relative(ROOT, path).split(sep).join("/"), text: readFileSync(path, "utf8") }));

/** The sources of this repository, as a review shows them. */
export const realSources = (): { terraform: SourceFile[]; pulumi: SourceFile[] } => ({
  terraform: readFolder("legacy-terraform", (path) => path.endsWith(".tf") && !path.includes("/.terraform/")),
  pulumi: readFolder("pulumi", (path) => /^pulumi\/[\w-]+\.ts$/.test(path) && !path.endsWith(".test.ts")),
});

const MODULE_FILES = {
  terraform: (name: string, count: number) =>
    Array.from(
      { length: count },
      (_, index) => `# Topic ${index} of ${name}
resource "aws_sns_topic" "topic_${index}" {
  name         = "\${var.name}-${name}-${index}"
  display_name = "Topic ${index}"
  fifo_topic   = false
  tags = {
    Module = "${name}"
  }
}
`,
    ).join("\n"),
  pulumi: (name: string, type: string, count: number) => `import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export class ${type} extends pulumi.ComponentResource {
  constructor(name: string, args: { name: string }) {
    super("text-to-speech:index:${type}", name);
${Array.from(
  { length: count },
  (_, index) => `    new aws.sns.Topic(
      "topic_${index}",
      { name: \`\${args.name}-${name}-${index}\`, displayName: "Topic ${index}", tags: { Module: "${name}" } },
      { parent: this },
    );`,
).join("\n")}
  }
}
`,
};

/** Sources of a generated pipeline with `modules` modules of `count` resources each. */
export const generatedSources = (modules: number, count: number): { terraform: SourceFile[]; pulumi: SourceFile[] } => {
  const names = Array.from({ length: modules }, (_, index) => `module${index}`);
  const calls = names.map((name) => `module "${name}" {\n  source = "./${name}"\n  name   = var.name\n}\n`).join("\n");
  return {
    terraform: [
      { path: "legacy-terraform/main.tf", text: calls },
      ...names.map((name) => ({ path: `legacy-terraform/${name}/main.tf`, text: MODULE_FILES.terraform(name, count) })),
    ],
    pulumi: names.map((name) => {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
      return { path: `pulumi/${name}.ts`, text: MODULE_FILES.pulumi(name, type, count) };
    }),
  };
};
