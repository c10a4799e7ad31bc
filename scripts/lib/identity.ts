import { readFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { run } from "./processes";

/** Enough to tell whether a process that wrote something down is still the one that runs under this number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the form this system tells it; empty when unknown. */
  readonly started: string;
  readonly host: string;
  readonly user: string;
}

const fromProc = async (pid: number): Promise<string | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The second field is the command in parentheses and may hold spaces; state is the 3rd field, start time the 22nd.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
};

const fromPs = async (pid: number): Promise<string | undefined> => {
  const { stdout } = await run("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { env: process.env, accept: [0, 1] });
  const [state = "", ...started] = stdout.trim().split(/\s+/);
  return state === "" || state.startsWith("Z") ? undefined : started.join(" ");
};

/** When the process with this number started; undefined when none runs (a zombie does not). */
export const startOf = async (pid: number): Promise<string | undefined> => {
  if (process.platform !== "linux") return fromPs(pid);
  try {
    return await fromProc(pid);
  } catch {
    return undefined;
  }
};

export const isRunning = async (pid: number): Promise<boolean> => (await startOf(pid)) !== undefined;

const userName = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that no user has.
    return String(process.getuid?.() ?? "unknown");
  }
};

export const thisProcess = async (): Promise<ProcessIdentity> => ({
  pid: process.pid,
  started: (await startOf(process.pid)) ?? "",
  host: hostname(),
  user: userName(),
});

/** `dead` only when it certainly is: it ran on this host and no process with this number and start time does now. */
export const stateOf = async (other: ProcessIdentity): Promise<"alive" | "dead" | "elsewhere"> => {
  if (other.host !== hostname()) return "elsewhere";
  const started = await startOf(other.pid);
  if (started === undefined) return "dead";
  return other.started !== "" && other.started !== started ? "dead" : "alive";
};
