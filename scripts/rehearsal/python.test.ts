import { strict as assert } from "node:assert";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import { sha256 } from "../lib/files";
import { ensurePython, findPython, isNewEnough } from "./python";

const folderWith = async (scripts: Record<string, string>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "python-test-"));
  for (const [name, body] of Object.entries(scripts)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(folder, name), 0o755);
  }
  return folder;
};

test("3.10 is new enough, 3.9 and 2.7 are not, and 3.10 is not read as 3.1", () => {
  assert.deepEqual(["3.10.0", "3.14.1", "4.0.0", "3.9.19", "2.7.18", "3.1.5"].map(isNewEnough), [
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("no Python on PATH is said with what to install", async () => {
  const folder = await folderWith({});
  await assert.rejects(findPython({ PATH: folder }), /needs Python 3\.10 or newer; none was found on PATH/);
  await rm(folder, { recursive: true });
});

test("a Python that is too old is named with its version", async () => {
  const folder = await folderWith({ python3: "echo 3.8.10" });
  await assert.rejects(findPython({ PATH: folder }), /python3 is 3\.8\.10/);
  await rm(folder, { recursive: true });
});

test("an old python3 does not hide a newer one, and a broken shim is passed over", async () => {
  const folder = await folderWith({ python3: "exit 127", "python3.12": "echo 3.12.4" });
  assert.deepEqual(await findPython({ PATH: folder }), { command: "python3.12", version: "3.12.4" });
  await rm(folder, { recursive: true });
});

/** Answers like a Python whose `-m venv` puts `pip` in place; PATH has /bin for the shell's own tools. */
const fakePython = (venv: string): string => `
case "$2" in
  venv) ${venv} ;;
  *) echo 3.12.4 ;;
esac`;

test("a missing venv module gets the package to install", async () => {
  const folder = await folderWith({
    python3: fakePython("echo 'Error: No module named venv' >&2; exit 1"),
  });
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  const error = await ensurePython(join(folder, "env"), env).then(
    () => assert.fail("made an environment"),
    (thrown: Error & { fix?: string }) => thrown,
  );
  assert.match(error.message, /could not be made/);
  assert.match(error.fix ?? "", /python3-venv/);
  await rm(folder, { recursive: true });
});

test("a registry out of reach is reported, and the next run starts over", async () => {
  const failing =
    "mkdir -p $3/bin && printf '#!/bin/sh\\necho No route to host >&2; exit 1\\n' > $3/bin/python && chmod +x $3/bin/python";
  const folder = await folderWith({ python3: fakePython(failing) });
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  await assert.rejects(
    ensurePython(join(folder, "env"), env),
    /could not be installed with pip[\s\S]*No route to host/,
  );
  await assert.rejects(readFile(join(folder, "env", "installed")), /ENOENT/);
  await rm(folder, { recursive: true });
});

test("an environment with the stamp of these requirements is used as it is; another stamp makes a new one", async () => {
  const working =
    "mkdir -p $3/bin && printf '#!/bin/sh\\nexit 0\\n' > $3/bin/python && chmod +x $3/bin/python && echo made >> $3/../made";
  const folder = await folderWith({ python3: fakePython(working) });
  const env = { PATH: `${folder}:/usr/bin:/bin` };
  const target = join(folder, "env");
  const made = async (): Promise<number> => (await readFile(join(folder, "made"), "utf8")).trim().split("\n").length;
  assert.equal(await ensurePython(target, env), join(target, "bin", "python"));
  await ensurePython(target, env);
  assert.equal(await made(), 1);
  assert.equal(
    await readFile(join(target, "installed"), "utf8"),
    sha256(await readFile(join(__dirname, "requirements.txt"))),
  );
  await writeFile(join(target, "installed"), "of older requirements");
  await ensurePython(target, env);
  assert.equal(await made(), 2);
  await rm(folder, { recursive: true });
});

test("every requirement is pinned and carries hashes", async () => {
  const text = await readFile(join(__dirname, "requirements.txt"), "utf8");
  const entries = text
    .replaceAll(/\\\n/g, " ")
    .split("\n")
    .filter((line) => /^[a-z]/i.test(line));
  assert.ok(entries.some((line) => line.startsWith("ministack==1.5.33 ")));
  for (const line of entries) assert.match(line, /^[\w-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/);
});

test.run();
