import { messageOf, UserError } from "../../lib/errors";
import { type AwsAdapter, startAwsAdapter } from "./aws/adapter";
import { startTerraformPlugin } from "./terraform/plugin";

/**
 * The process in which the local plugins live: `plugins-server.ts '<PluginsRequest as JSON>'`. It prints one line of JSON
 * when they are ready and ends when its standard input closes, which happens however its parent ends.
 */
export interface PluginsRequest {
  readonly aws?: {
    readonly bridge: string;
    readonly awsProviderBinary: string;
    readonly archiveFolder: string;
  };
  readonly terraform: boolean;
  readonly programFolders: readonly string[];
  /** Stay when standard input closes. */
  readonly keep: boolean;
}

export interface PluginsReady {
  readonly ready: true;
  readonly aws?: { readonly port: number; readonly pid: number };
  readonly terraform?: { readonly port: number };
}

/** A line on standard input that makes the server stay when its parent goes. */
export const KEEP = "keep";

const write = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const startAws = (request: PluginsRequest): Promise<AwsAdapter> | undefined =>
  request.aws &&
  startAwsAdapter({
    binary: request.aws.bridge,
    awsProviderBinary: request.aws.awsProviderBinary,
    archiveFolder: request.aws.archiveFolder,
    programFolders: request.programFolders,
    env: process.env,
    onLine: write,
  });

/** Also before everything is ready: the bridge ends with this process, whenever that is. */
const watchParent = (keepAtStart: boolean): void => {
  let keep = keepAtStart;
  process.stdin.on("data", (chunk: Buffer) => {
    if (chunk.toString().trim() === KEEP) keep = true;
  });
  process.stdin.on("close", () => {
    if (!keep) process.exit(0);
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => process.exit(0));
};

const serve = async (request: PluginsRequest): Promise<void> => {
  watchParent(request.keep);
  const aws = await startAws(request);
  const terraform = request.terraform ? await startTerraformPlugin(process.env, request.programFolders) : undefined;
  void aws?.ended.then(() => {
    write("the AWS bridge ended");
    process.exit(1);
  });
  const ready: PluginsReady = {
    ready: true,
    ...(aws ? { aws: { port: aws.port, pid: aws.pid } } : {}),
    ...(terraform ? { terraform: { port: terraform.port } } : {}),
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
};

const describe = (error: unknown): string => {
  const cause = error instanceof UserError && error.cause !== undefined ? `: ${messageOf(error.cause)}` : "";
  return `${messageOf(error)}${cause}`;
};

if (require.main === module) {
  serve(JSON.parse(process.argv[2] ?? "{}") as PluginsRequest).catch((error: unknown) => {
    write(describe(error));
    process.exit(1);
  });
}
