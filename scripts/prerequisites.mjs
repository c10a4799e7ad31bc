// What cannot be fetched for the user, each with the version it needs and what to do about it.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * @typedef {object} Missing
 * @property {string} tool
 * @property {string} found
 * @property {string} needed
 * @property {string} fix
 */

/** The first version number in what a program prints, or undefined when it does not run. */
/** @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} env */
const versionOf = (command, args, env) => {
  const result = spawnSync(command, args, { encoding: "utf8", timeout: 20_000, env });
  if (result.error || result.status !== 0) return undefined;
  return `${result.stdout}\n${result.stderr}`.match(/(\d+)\.(\d+)(?:\.(\d+))?/)?.[0];
};

/** @param {string} version @param {string} minimum */
export const atLeast = (version, minimum) => {
  const [have = [], need = []] = [version, minimum].map((text) => text.split(".").map(Number));
  for (let i = 0; i < 3; i += 1) {
    const difference = (have[i] ?? 0) - (need[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
};

const MAC_BROWSERS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The oldest versions that the project is known to work with. */
export const MINIMUM = { node: "20.19.0", terraform: "1.10.0", python: "3.10.0", go: "1.25.0", pulumi: "3.230.0" };

/**
 * @param {string} tool @param {string | undefined} version @param {string} minimum @param {string} fix
 * @returns {Missing[]}
 */
const tooOld = (tool, version, minimum, fix) =>
  version !== undefined && atLeast(version, minimum)
    ? []
    : [
        {
          tool,
          found: version === undefined ? "not found on PATH" : `found ${version}`,
          needed: `${minimum} or newer`,
          fix,
        },
      ];

/** @param {NodeJS.ProcessEnv} env */
const terraform = (env) =>
  tooOld(
    "Terraform",
    versionOf("terraform", ["version"], { ...env, CHECKPOINT_DISABLE: "1" }),
    MINIMUM.terraform,
    "Install it from developer.hashicorp.com/terraform/install and put it on PATH.",
  );

/** @param {NodeJS.ProcessEnv} env */
const python = (env) =>
  tooOld(
    "Python",
    versionOf("python3", ["--version"], env),
    MINIMUM.python,
    "Install python3 with its venv module (Debian: apt-get install python3-venv, macOS: brew install python).",
  );

/** Go is needed only where no Pulumi CLI is installed; without either, the official release is downloaded. */
/** @param {NodeJS.ProcessEnv} env */
const pulumi = (env) => {
  const installed = versionOf("pulumi", ["version"], { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" });
  if (installed !== undefined && atLeast(installed, MINIMUM.pulumi)) return [];
  const go = versionOf("go", ["version"], env);
  if (go === undefined) return [];
  return tooOld(
    "Go",
    go,
    MINIMUM.go,
    `Upgrade Go (go.dev/dl), which builds the Pulumi engine, or install the Pulumi CLI ${MINIMUM.pulumi} or newer.`,
  );
};

/** @param {NodeJS.ProcessEnv} _env */
const node = (_env) =>
  tooOld("Node.js", process.versions.node, MINIMUM.node, "Install Node.js 20.19 or newer from nodejs.org.");

/** @param {string} path */
const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/**
 * The machine's own Chromium or Chrome, which npm cannot bring; undefined when there is none.
 * @param {NodeJS.ProcessEnv} env @returns {string | undefined}
 */
export const findBrowser = (env) => {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const places = [
    env.CHROMIUM_PATH,
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    ...MAC_BROWSERS,
  ];
  return places.find((place) => place !== undefined && isProgram(place));
};

/** The review page is tested in a real browser. */
/** @param {NodeJS.ProcessEnv} env @returns {Missing[]} */
const browser = (env) => {
  if (findBrowser(env) !== undefined) return [];
  const fix = "Install it (Debian: apt-get install chromium), or set CHROMIUM_PATH to its executable.";
  return [{ tool: "Chromium or Chrome", found: "not found on PATH", needed: "any version", fix }];
};

/** @type {Record<string, (env: NodeJS.ProcessEnv) => Missing[]>} */
const checks = { terraform, python, pulumi, browser };

/**
 * Everything that is missing or too old, found in one pass.
 * @param {readonly string[]} needs names of tools beside Node.js: terraform, python, pulumi, browser
 * @param {NodeJS.ProcessEnv} env
 * @returns {Missing[]}
 */
export const missingPrerequisites = (needs, env) =>
  [node, ...needs.map((need) => checks[need])].flatMap((check) => check?.(env) ?? []);
