import { strict as assert } from "node:assert";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import { findBackups, readBackup, readBackupFile, writeBackup } from "./backup";

const test = suite("backups");
const about = { command: "cutover", waves: ["delivery"] };
const files = { "terraform.tfstate": '{"serial":3,"é":"\\u0000"}', "pulumi.json": "{}" };

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "backup-"));
  try {
    await work(join(folder, "backups"));
  } finally {
    await rm(folder, { recursive: true });
  }
};

test("keeps every byte, for its owner alone, and gives it back", () =>
  inFolder(async (folder) => {
    const backup = await writeBackup(folder, about, files);
    for (const [name, content] of Object.entries(files)) {
      assert.equal(await readBackupFile(backup, name), content);
      assert.equal((await stat(join(backup.folder, name))).mode & 0o777, 0o600);
    }
    assert.deepEqual(await readBackup(backup.folder), backup);
  }));

test("a changed, cut or missing file is refused", () =>
  inFolder(async (folder) => {
    const backup = await writeBackup(folder, about, files);
    const path = join(backup.folder, "terraform.tfstate");
    await writeFile(path, files["terraform.tfstate"].replace("3", "4"));
    await assert.rejects(readBackupFile(backup, "terraform.tfstate"), /was changed after it was written/);
    await writeFile(path, "");
    await assert.rejects(readBackupFile(backup, "terraform.tfstate"), /was changed/);
    await rm(path);
    await assert.rejects(readBackupFile(backup, "terraform.tfstate"), /cannot be read/);
    await assert.rejects(readBackupFile(backup, "../../etc/passwd"), /holds no/);
  }));

test("one that could not be finished is never found, and says that nothing was changed", () =>
  inFolder(async (folder) => {
    await mkdir(folder, { recursive: true });
    // A name that is a folder's cannot be written: the same as a full disk or a missing right.
    const broken = { ...files, "no/such/place": "x" };
    await assert.rejects(writeBackup(folder, about, broken), (error: Error & { fix?: string }) => {
      assert.match(error.message, /could not be written/);
      assert.match(error.fix ?? "", /nothing has been changed/);
      return true;
    });
    assert.deepEqual(await readdir(folder), []);
  }));

test("finds those of a command that cover the waves, newest first, and reports a broken one", () =>
  inFolder(async (folder) => {
    const first = await writeBackup(folder, about, files);
    const second = await writeBackup(folder, { command: "cutover", waves: ["delivery", "speech"] }, files);
    await writeBackup(folder, { command: "adopt", waves: ["delivery"] }, files);
    const found = await findBackups(folder, "cutover", ["delivery"]);
    assert.deepEqual(
      found.map((backup) => backup.folder),
      [second.folder, first.folder],
    );
    assert.equal((await findBackups(folder, "cutover", ["speech"])).length, 1);
    const manifest = await readFile(join(first.folder, "manifest.json"), "utf8");
    await writeFile(join(first.folder, "manifest.json"), manifest.slice(0, 40));
    await assert.rejects(findBackups(folder, "cutover", ["delivery"]), /not valid JSON/);
  }));

test.run();
