import type { Observe } from "./moves";
import type { RecordingProxy } from "./proxy";
import type { CloudCalls } from "./report";

/**
 * The only change in AWS that a migration makes: the first update after an import writes the handler's archive, which
 * AWS never returns, over itself.
 */
const WRITE_BACKS = new Set(["lambda UpdateFunctionCode"]);

const isExpected = (command: string, call: string): boolean => command.startsWith("adopt ") && WRITE_BACKS.has(call);

export interface CloudWatch {
  readonly observe: Observe;
  /** One entry for each command, in order. */
  readonly calls: readonly CloudCalls[];
}

/** Notes which calls of each command changed something in the emulated AWS; the bucket with the state does not count. */
export const watchCloud = (
  proxy: RecordingProxy,
  stateBucket: string,
  begin: (command: string) => void,
): CloudWatch => {
  const calls: CloudCalls[] = [];
  const observe: Observe = async (command, work) => {
    const since = proxy.position();
    begin(command);
    try {
      return await work();
    } finally {
      const made = proxy.mutations({ since, ignoreBuckets: [stateBucket] });
      const changes = made.map(({ service, action }) => `${service} ${action}`);
      calls.push({ command, changes, unexpected: changes.filter((change) => !isExpected(command, change)) });
    }
  };
  return { observe, calls };
};
