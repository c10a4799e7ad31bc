import { assemble } from "../src/assemble";
import { createClients } from "../src/clients";
import { readConfig } from "../src/config";
import type { StoredObject } from "./bucket";
import { type CloudOptions, environmentFor, startCloud } from "./cloud";

export const FAST = { attempts: 3, first: 2, longest: 4 };
/** Milliseconds. Short only where a silent service is what the test is about: on a busy machine a living one is silent for a while, too. */
export const PATIENT = { connectionTimeout: 5_000, socketTimeout: 5_000 };
export const IMPATIENT = { connectionTimeout: 5_000, socketTimeout: 150 };

/** The real handler with the real SDK against the loopback stand-ins. The SDK reads where they are from the environment. */
export const withHandler = async (
  options: CloudOptions & { timeouts?: typeof PATIENT },
  use: (
    it: Awaited<ReturnType<typeof startCloud>> & { handler: ReturnType<typeof assemble>; lines: string[] },
  ) => Promise<void>,
): Promise<void> => {
  const cloud = await startCloud(options);
  const environment = environmentFor(cloud.endpoint);
  Object.assign(process.env, environment);
  const clients = createClients(options.timeouts ?? PATIENT);
  const lines: string[] = [];
  try {
    const handler = assemble(readConfig(environment), clients, { retries: FAST, write: (line) => lines.push(line) });
    await use({ ...cloud, handler, lines });
  } finally {
    for (const client of Object.values(clients)) client.destroy();
    await cloud.stop();
  }
};

export const bodyOf = (objects: ReadonlyMap<string, StoredObject>, id: number): Buffer =>
  objects.get(`${id}.mp3`)?.body ?? Buffer.alloc(0);
