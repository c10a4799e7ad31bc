import { join, relative } from "node:path";
import { type BuiltHandler, buildHandler } from "../../handler/build";
import { done, type Result } from "./result";

const ROOT = join(__dirname, "..", "..");

/** Bundles the handler. The same sources give the same bytes, so running it again changes nothing. */
export const buildHandlerZip = async (): Promise<Result<BuiltHandler>> => {
  const built = await buildHandler({ outDir: join(ROOT, "handler", "dist") });
  const lines = [`${relative(ROOT, built.zip)}  ${built.bytes} bytes`, `sha256 (base64)  ${built.sha256Base64}`];
  return done(lines.join("\n"), built);
};
