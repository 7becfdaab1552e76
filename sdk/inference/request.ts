import { parseCpuList } from "../topology/index.ts";
import { EngineError } from "./errors.ts";
import type { EngineSetting, ThreadPlacement } from "./setting.ts";

function refuse(message: string, facts: Readonly<Record<string, unknown>>): never {
  throw new EngineError("invalid-request", message, { facts });
}

/**
 * Refuses a count that is not a whole number of at least `least`.
 * @throws {EngineError} `invalid-request`
 */
export function assertCount(name: string, found: number, least: number): void {
  if (Number.isInteger(found) && found >= least) return;
  refuse(`${name} is ${found} and must be a whole number of at least ${least}. Pass such.`, { [name]: found });
}

/**
 * Refuses more threads than the engine was planned with, and a strict pool with fewer CPUs than threads.
 * @throws {EngineError} `invalid-request`
 */
export function assertThreads({ threadsCount, cpus }: ThreadPlacement, setting: EngineSetting): void {
  const limit = setting.threads.threadsCount;
  if (!Number.isInteger(threadsCount) || threadsCount < 1 || threadsCount > limit) {
    const message = `${threadsCount} threads were asked for and this engine was planned with ${limit}. Ask for 1 to ${limit}, or plan the launch with more.`;
    refuse(message, { threadsCount, limit });
  }
  const cpusCount = parseCpuList(cpus ?? "").length;
  if (setting.pool.isStrict && cpusCount < threadsCount) {
    const message = `A strict pool gives each of its ${threadsCount} threads a CPU, and ${cpusCount} were named. Name as many.`;
    refuse(message, { threadsCount, cpus });
  }
}

/**
 * Refuses more tokens than the context holds.
 * @throws {EngineError} `context-too-small`
 */
export function assertHolds({ contextTokensCount }: EngineSetting, tokensCount: number): void {
  if (tokensCount <= contextTokensCount) return;
  const message = `${tokensCount} tokens were asked for and the context holds ${contextTokensCount}. Start the engine with contextTokensCount ${tokensCount} or more.`;
  throw new EngineError("context-too-small", message, { facts: { tokensCount, contextTokensCount } });
}
