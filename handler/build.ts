import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";
import { type Zippable, zipSync } from "fflate";
import { writeFileAtomic } from "../scripts/lib/files";

export interface BuildOptions {
  /** Folder that gets `handler.zip`. */
  readonly outDir: string;
  /** Folder with `src/index.ts`; default: this one. */
  readonly sourceDir?: string;
}

export interface BuiltHandler {
  /** Path of the archive. */
  readonly zip: string;
  /** As Lambda's CodeSha256 and Terraform's source_code_hash. */
  readonly sha256Base64: string;
  /** Size of the archive. */
  readonly bytes: number;
  /** Size of the one file in it. */
  readonly bundleBytes: number;
}

/**
 * Lambda gives a function its credentials in the environment. The SDK's default chain also knows SSO, profiles, web identity,
 * metadata services and the clients they need: a quarter of the bundle, for sources that a function never has.
 */
const environmentCredentials: Plugin = {
  name: "environment-credentials",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ resolveDir }) => ({
      path: "credentials",
      namespace: "environment-credentials",
      pluginData: resolveDir,
    }));
    onLoad({ filter: /.*/, namespace: "environment-credentials" }, ({ pluginData }) => ({
      contents: 'export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";',
      resolveDir: pluginData as string,
    }));
  },
};

/** Only Polly's client would speak HTTP/2, and it is given HTTP/1.1 (see clients.ts): the other handler and Node's http2 need not load. */
const withoutHttp2: Plugin = {
  name: "without-http2",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]node-http-handler[\\/]dist-es[\\/]node-http2-handler\.js$/ }, () => ({
      contents: 'export { NodeHttpHandler as NodeHttp2Handler } from "./node-http-handler";',
    }));
  },
};

/** The SDK reads nothing but the version from its package.json files. */
const versionOnly: Plugin = {
  name: "version-only",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]@aws-sdk[\\/].*[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, "utf8")) as { version: string };
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
  },
};

/** A top-level `const name = [` … `];` of several lines, as the SDK's generator writes each description of an operation. */
const DESCRIPTION = /^((?:export )?(?:var|const) [\w$]+ = )(\[[^\n]*[^;\n]\n[\s\S]*?^\]);$/gm;

/**
 * The SDK describes every operation of a service in plain arrays. esbuild keeps all of them, because it cannot see that evaluating one
 * has no effect; this tells it. What is used stays as it is; what is not used goes.
 */
const pureDescriptions: Plugin = {
  name: "pure-descriptions",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]@aws-sdk[\\/]client-\w+[\\/]dist-es[\\/]schemas[\\/]\w+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { contents: source.replace(DESCRIPTION, "$1/* @__PURE__ */ (() => $2)();"), loader: "js" };
    });
  },
};

export interface Bundle {
  readonly code: Uint8Array;
  readonly metafile: Metafile;
}

export const bundleHandler = async (sourceDir: string): Promise<Bundle> => {
  const { outputFiles, metafile } = await build({
    absWorkingDir: sourceDir,
    entryPoints: ["src/index.ts"],
    outfile: "index.js",
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // The SDK's ES modules: only they can be shaken.
    mainFields: ["module", "main"],
    // Said here, so that no tsconfig.json around decides what the bytes are.
    tsconfigRaw: { compilerOptions: { strict: true, target: "ES2022" } },
    legalComments: "none",
    charset: "utf8",
    plugins: [environmentCredentials, withoutHttp2, versionOnly, pureDescriptions],
    metafile: true,
    write: false,
    logLevel: "error",
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("esbuild wrote nothing");
  return { code: file.contents, metafile };
};

/** The zip format stores local time without a zone and fflate reads it with local getters: this is the same everywhere. */
const noTime = (): Date => new Date(1980, 0, 2, 12);
const READABLE_BY_ALL = 0o644 << 16;
const UNIX = 3;

export const zipHandler = (code: Uint8Array): Uint8Array => {
  const files: Zippable = { "index.js": [code, { level: 9, mtime: noTime(), os: UNIX, attrs: READABLE_BY_ALL }] };
  return zipSync(files);
};

/**
 * Bundles the handler into `<outDir>/handler.zip`. The same sources give the same bytes, on every machine, in every folder, at any time:
 * both sides of the migration compare its hash.
 */
export const buildHandler = async ({ outDir, sourceDir = __dirname }: BuildOptions): Promise<BuiltHandler> => {
  const { code } = await bundleHandler(sourceDir);
  const zipped = zipHandler(code);
  const zip = join(outDir, "handler.zip");
  await writeFileAtomic(zip, zipped);
  const sha256Base64 = createHash("sha256").update(zipped).digest("base64");
  return { zip, sha256Base64, bytes: zipped.length, bundleBytes: code.length };
};

if (require.main === module) {
  void buildHandler({ outDir: join(__dirname, "dist") }).then((built) => {
    process.stdout.write(`${JSON.stringify(built, null, 2)}\n`);
  });
}
