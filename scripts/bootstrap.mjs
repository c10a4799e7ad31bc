// What every npm script runs first, before anything is installed: plain JavaScript with Node's own modules only.
// It checks the prerequisites all at once, installs the packages when the lock file changed, and hands over.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { missingPrerequisites } from "./prerequisites.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The tools each script needs beside Node.js. The migration commands check their own, with the operator's account. */
const scripts = {
  rehearse: { entry: ["scripts/rehearsal/main.ts"], needs: ["terraform", "python", "pulumi"] },
  migrate: { entry: ["scripts/cli.ts"], needs: [] },
  test: { entry: ["scripts/testing/run.ts"], needs: ["terraform", "python", "pulumi", "browser"] },
  "test:unit": { entry: ["scripts/testing/run.ts", "--unit"], needs: [] },
  check: { entry: ["scripts/testing/check.ts"], needs: ["terraform"] },
  bench: { entry: ["scripts/testing/bench.ts"], needs: [] },
};

/** @param {string} text */
const say = (text) => process.stderr.write(`${text}\n`);

/** @param {string[]} needs */
const checkPrerequisites = (needs) => {
  const missing = missingPrerequisites(needs, process.env);
  if (missing.length === 0) return;
  say("Before this can run:\n");
  for (const { tool, found, needed, fix } of missing) say(`  ${tool}: ${found}; needed: ${needed}\n    ${fix}`);
  process.exit(1);
};

/** Runs `npm ci` only when the lock file differs from the one that was installed last. */
const installPackages = () => {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const marker = join(root, "node_modules", ".installed-lock");
  if (existsSync(marker) && readFileSync(marker, "utf8") === lock) return;
  const began = Date.now();
  const npm = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    // A laptop without a network should hear so in seconds, not after npm's minutes of retries.
    env: {
      ...process.env,
      npm_config_fetch_retries: "1",
      npm_config_fetch_retry_mintimeout: "500",
      npm_config_fetch_retry_maxtimeout: "3000",
    },
  });
  if (npm.status !== 0) {
    say(`The npm packages could not be installed:\n${npm.stderr.trim()}`);
    say("Check that the npm registry can be reached (`npm ping`), then run the same command again.");
    process.exit(1);
  }
  writeFileSync(marker, lock);
  say(`npm packages installed ${((Date.now() - began) / 1000).toFixed(1)} s`);
};

/** @param {string[]} args */
const handOver = (args) => {
  // The AWS SDK announces on every start that its versions of 2027 will want Node.js 22; those here are pinned.
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
  const child = spawn(process.execPath, ["--import", "tsx", ...args], { cwd: root, stdio: "inherit", env });
  // Whoever signals this process, or npm above it, means the work; the child cleans up and this process waits for it.
  for (const signal of /** @type {const} */ (["SIGINT", "SIGHUP", "SIGTERM"])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("exit", (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
};

const [name = "", ...rest] = process.argv.slice(2);
const script = Object.entries(scripts).find(([key]) => key === name)?.[1];
if (!script) {
  say(`Unknown script "${name}"; known: ${Object.keys(scripts).join(", ")}`);
  process.exit(1);
}
checkPrerequisites(script.needs);
installPackages();
handOver([...script.entry, ...rest]);
