import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { unzipSync } from "fflate";
import { writeFileAtomic } from "../../scripts/lib/files";
import { buildHandler } from "../build";

export interface BenchFiles {
  /** The file that is deployed. */
  readonly ours: string;
  /** The baseline, with the SDK left in node_modules. */
  readonly article: string;
  readonly runner: string;
  /** Bytes of the deployed file, and of the same sources bundled and minified with esbuild's defaults. */
  readonly bytes: { readonly ours: number; readonly plain: number };
}

const COMMON: BuildOptions = { bundle: true, platform: "node", target: "node20", logLevel: "error" };

const source = (name: string): string => join(__dirname, name);

const plainBundleBytes = async (): Promise<number> => {
  const entry = join(__dirname, "../src/index.ts");
  const options: BuildOptions = {
    ...COMMON,
    entryPoints: [entry],
    minify: true,
    mainFields: ["module", "main"],
    write: false,
  };
  const { outputFiles = [] } = await build(options);
  return outputFiles[0]?.contents.length ?? 0;
};

/** Builds what is compared. `folder` lies inside of the checkout, so that the baseline finds node_modules. */
export const buildBenchFiles = async (folder: string): Promise<BenchFiles> => {
  const { zip, bundleBytes } = await buildHandler({ outDir: folder });
  const [ours, article, runner] = ["index.js", "article.js", "runner.js"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeFileAtomic(ours, unzipSync(await readFile(zip))["index.js"] ?? "");
  await build({ ...COMMON, entryPoints: [source("article.ts")], outfile: article, packages: "external" });
  await build({ ...COMMON, entryPoints: [source("runner.ts")], outfile: runner });
  return { ours, article, runner, bytes: { ours: bundleBytes, plain: await plainBundleBytes() } };
};
