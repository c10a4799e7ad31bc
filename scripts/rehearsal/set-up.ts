import { join } from "node:path";
import { buildHandler } from "../../handler/build";
import type { Progress } from "../lib/progress";
import { type PreparedEngine, prepareEngine } from "./engine";
import { copyWorkspace } from "./workspace";
import { type PreparedWorld, prepareWorld } from "./world";

export interface SetUpOptions {
  /** Root of the checkout. */
  readonly root: string;
  /** The user's environment: PATH, home, caches. */
  readonly env: NodeJS.ProcessEnv;
  readonly plugin: "auto" | "official" | "bridged";
  readonly progress: Progress;
  /** Folder for the copy of both sides' sources. */
  readonly workspace: string;
}

/** Everything that a rehearsal needs and that does not run yet. */
export interface SetUp extends PreparedWorld {
  readonly engine: PreparedEngine;
}

/** Finds, builds or fetches what is missing: minutes on a fresh machine, seconds afterwards. */
export const setUp = async (options: SetUpOptions): Promise<SetUp> => {
  const { root, env, progress, plugin } = options;
  const world = await prepareWorld({ dir: join(root, ".rehearsal"), env, progress });
  const engine = await progress.step("Pulumi engine and plugins", () => prepareEngine({ progress, env, plugin }));
  await progress.step("handler and workspace", async (update) => {
    const built = await buildHandler({ outDir: join(root, "handler", "dist") });
    await copyWorkspace(root, options.workspace);
    update(`handler.zip ${(built.bytes / 1024).toFixed(0)} KiB`);
  });
  return { ...world, engine };
};
