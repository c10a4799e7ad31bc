import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { zipSync } from "fflate";
import { sha256 } from "../../../lib/files";
import { archive, type Bag, isArchive, isAsset, isObject } from "./wire";

/**
 * Pulumi hands code over as an archive; Terraform's provider wants a file name. The name must stay the same from run to
 * run and on every machine that shares the state, or each preview would show a change: so it is made from the content.
 */
export interface ArchiveStore {
  /** The file for an archive; where the content is on the wire it is stored first. A text that is no archive is returned. */
  fileFor(value: unknown): unknown;
  /** The archive that a stored file stands for; other text is returned. */
  archiveFor(file: unknown): unknown;
}

/** A fixed date keeps equal content equal, whenever it is zipped; local, because that is what a zip holds, everywhere. */
const MTIME = new Date(2000, 0, 1);

type Files = Record<string, Uint8Array>;

const filesUnder = (folder: string, prefix: string): Files =>
  Object.assign(
    {},
    ...readdirSync(folder, { withFileTypes: true })
      .sort((one, other) => (one.name < other.name ? -1 : 1))
      .map((entry) => {
        const path = join(folder, entry.name);
        const name = `${prefix}${entry.name}`;
        return entry.isDirectory() ? filesUnder(path, `${name}/`) : { [name]: readFileSync(path) };
      }),
  );

const filesOfAssets = (assets: Bag, find: (path: string) => string): Files => {
  const files: Files = {};
  for (const [name, value] of Object.entries(assets).sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (isAsset(value) && typeof value.text === "string") files[name] = Buffer.from(value.text);
    else if (isAsset(value) && typeof value.path === "string") files[name] = readFileSync(find(value.path));
    else if (isArchive(value) && typeof value.path === "string")
      Object.assign(files, filesUnder(find(value.path), `${name}/`));
    else if (isArchive(value) && isObject(value.assets)) {
      for (const [inner, content] of Object.entries(filesOfAssets(value.assets, find)))
        files[`${name}/${inner}`] = content;
    } else throw new Error(`the archive's entry ${name} comes from a place that is not served here`);
  }
  return files;
};

const contentOf = (value: Bag, find: (path: string) => string): Uint8Array | undefined => {
  if (typeof value.path === "string" && value.path !== "") {
    const path = find(value.path);
    return statSync(path).isDirectory() ? zipSync(filesUnder(path, ""), { mtime: MTIME }) : readFileSync(path);
  }
  if (isObject(value.assets) && Object.keys(value.assets).length > 0) {
    return zipSync(filesOfAssets(value.assets, find), { mtime: MTIME });
  }
  return undefined;
};

/**
 * @param folder where the copies are kept, one file per content.
 * @param programFolders where relative paths of a program may start: a plugin that is attached to is not told.
 */
export const createArchiveStore = (folder: string, programFolders: readonly string[]): ArchiveStore => {
  mkdirSync(folder, { recursive: true });
  const place = (hash: string): string => join(folder, `${hash}.zip`);
  const finder =
    (hash: string) =>
    (path: string): string => {
      const candidates = isAbsolute(path) ? [path] : programFolders.map((base) => resolve(base, path));
      const existing = candidates.filter((candidate) => existsSync(candidate));
      // Two programs may both have such a file; a file's hash is that of its bytes, so it says which is meant.
      const exact = existing.find(
        (candidate) => statSync(candidate).isFile() && sha256(readFileSync(candidate)) === hash,
      );
      const found = exact ?? existing[0];
      if (!found) throw new Error(`the archive ${path} does not exist (looked in ${candidates.join(", ")})`);
      return found;
    };
  const store = (hash: string, value: Bag): void => {
    const content = contentOf(value, finder(hash));
    if (!content) return;
    const temporary = `${place(hash)}.${process.pid}.tmp`;
    writeFileSync(temporary, content, { mode: 0o600 });
    renameSync(temporary, place(hash));
  };
  return {
    fileFor(value) {
      if (!isArchive(value)) return value;
      const hash = String(value.hash);
      if (!existsSync(place(hash))) store(hash, value);
      return place(hash);
    },
    archiveFor(file) {
      const hash = typeof file === "string" ? /([0-9a-f]{64})\.zip$/.exec(file)?.[1] : undefined;
      return hash ? archive({ hash, path: "", uri: "" }) : file;
    },
  };
};
