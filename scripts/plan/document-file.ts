import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import { messageOf, UserError } from "../lib/errors";
import { readPlan } from "./document";
import type { PlanDocument } from "./types";

const FIX = "Give the path of a document that `plan` wrote, inside the migration folder.";

const readWithoutLinks = async (path: string): Promise<string> => {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return await file.readFile("utf8");
    } finally {
      await file.close();
    }
  } catch (error) {
    const symlink = (error as NodeJS.ErrnoException).code === "ELOOP";
    throw new UserError(symlink ? `${path} is a symbolic link` : `${path} cannot be read: ${messageOf(error)}`, {
      fix: FIX,
      cause: error,
    });
  }
};

/**
 * Reads a plan document from a folder and from nowhere else: a path that leads out of it, also by a link, is refused.
 * @param folder the migration folder of the environment
 */
export const loadPlan = async (folder: string, path: string): Promise<PlanDocument> => {
  const inside = relative(resolve(folder), resolve(folder, path));
  if (inside === "" || inside.split(sep)[0] === "..") {
    throw new UserError(`${path} is outside of ${folder}`, { fix: FIX });
  }
  const text = await readWithoutLinks(resolve(folder, path));
  const [home, actual] = await Promise.all([realpath(folder), realpath(dirname(resolve(folder, path)))]);
  if (relative(home, actual).split(sep)[0] === "..")
    throw new UserError(`${path} leads out of ${folder}`, { fix: FIX });
  return readPlan(text, path);
};
