import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { UserError } from "../../lib/errors";
import { findBrowser } from "../../prerequisites.mjs";

/** The machine's own Chromium. @throws UserError when there is none */
export const findChromium = (env: NodeJS.ProcessEnv): string => {
  const found = findBrowser(env);
  if (found) return found;
  throw new UserError("no Chromium or Chrome was found: neither CHROMIUM_PATH nor PATH names one", {
    fix: "install it (Debian: apt-get install chromium), or set CHROMIUM_PATH to its executable",
  });
};

/** A browser that talks to nobody on its own account. */
const FLAGS = [
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
];

export interface Opened {
  readonly page: Page;
  /** URLs of everything the page asked for. */
  readonly requests: readonly string[];
  /** Console errors and warnings, and exceptions that nobody caught. */
  readonly complaints: readonly string[];
}

export interface View {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: "light" | "dark";
}

const launch = (
  profile: string,
  { width = 1280, height = 900, colorScheme = "light" }: View,
): Promise<BrowserContext> =>
  chromium.launchPersistentContext(profile, {
    executablePath: findChromium(process.env),
    headless: true,
    // The sandbox needs rights that a process of root in a container does not have.
    args: [...FLAGS, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    viewport: { width, height },
    colorScheme,
    deviceScaleFactor: 1,
  });

/** Opens a file in a browser with a profile of its own, and closes both when the work is done. */
export const withPage = async <T>(file: string, view: View, work: (opened: Opened) => Promise<T>): Promise<T> => {
  const profile = await mkdtemp(join(tmpdir(), "review-browser-"));
  try {
    const context = await launch(profile, view);
    try {
      const page = context.pages()[0] ?? (await context.newPage());
      const [requests, complaints]: [string[], string[]] = [[], []];
      page.on("request", (request) => requests.push(request.url()));
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      await page.goto(pathToFileURL(file).href);
      return await work({ page, requests, complaints });
    } finally {
      await context.close();
    }
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
};
