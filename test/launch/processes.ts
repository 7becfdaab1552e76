import { readdirSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { InstancePlan, LaunchPlan, Program } from "../../sdk/launch/index.ts";

/** An instance that nothing binds. */
export const unbound: InstancePlan = {
  instanceIndex: 0,
  cpus: "0",
  memoryNodes: null,
  memoryPolicy: "first-touch",
  threadsCount: 1,
  bindingWay: "none",
  prefix: [],
};

export const planOf = (...instances: InstancePlan[]): LaunchPlan => ({ instances, warnings: [] });

/** So many instances that nothing binds. */
export const planOfCount = (count: number): LaunchPlan =>
  planOf(...Array.from({ length: count }, (_, instanceIndex) => ({ ...unbound, instanceIndex })));

export const node = (script: string): Program => ({ file: process.execPath, args: ["-e", script] });

export const shell = (script: string): Program => ({ file: "sh", args: ["-c", script] });

export async function firstLineOf(stream: Readable): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  return "";
}

/** Whether a process runs; one that has ended and that nobody has waited for does not. */
export function isRunning(processId: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${processId}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** The processes that run in the sessions that these lead. */
export function membersOf(leaderIds: readonly number[]): number[] {
  const processIds = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processIds.map(Number).filter((processId) => {
    try {
      const [, , , sessionId] = readFileSync(`/proc/${processId}/stat`, "utf8").replace(/.*\) /s, "").split(" ");
      return leaderIds.includes(Number(sessionId)) && isRunning(processId);
    } catch {
      return false;
    }
  });
}
