import { createServer } from "node:net";
import { UserError } from "../lib/errors";

const HOST = "127.0.0.1";

const listen = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : port));
    });
  });

/**
 * A free port of 127.0.0.1.
 * @param wanted the port somebody asked for; without it the system chooses one.
 * @throws UserError when the wanted port cannot be had.
 */
export const choosePort = async (wanted?: number): Promise<number> => {
  if (wanted === undefined) return listen(0);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65_535) {
    throw new UserError(`"${wanted}" is not a port; expected a whole number from 1 to 65535`);
  }
  try {
    return await listen(wanted);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === "EADDRINUSE" ? "is taken by another program" : `cannot be used (${code})`;
    throw new UserError(`Port ${wanted} of ${HOST} ${why}`, {
      fix: "Choose another one, or none: then a free one is found.",
      cause: error,
    });
  }
};
