import type { Run } from "../record/index.ts";

/** How a share of the CPUs varied over the runs. */
export interface Spread {
  readonly mean: number;
  readonly highest: number;
}

/** What was taken from the runs by others. */
export interface Load {
  readonly foreignCpuRatio: Spread | null;
  readonly stealRatio: Spread | null;
  /** Both together. */
  readonly takenRatio: Spread | null;
  readonly throttledRatio: Spread | null;
  readonly disturbedRunsCount: number;
  readonly runsCount: number;
}

/** From this share of the CPUs taken by other programs or other guests on, a run times the load, not the machine. */
export const disturbedRatio = 0.15;
/** Above this share of time spent throttled, a container's CPU quota limits the result. */
export const throttledRatio = 0.01;
/** From this share of disturbed runs on an estimate is not trusted: a Hodges–Lehmann estimate breaks down at 29 %. */
const disturbedRunsRatio = 0.25;

function spreadOf(values: readonly (number | null | undefined)[]): Spread | null {
  const known = values.filter((value) => typeof value === "number");
  if (known.length === 0) return null;
  return { mean: known.reduce((sum, value) => sum + value, 0) / known.length, highest: Math.max(...known) };
}

/** The share of all CPUs that other programs and other guests took from a run; null when neither is known. */
function takenOf({ environment }: Run): number | null {
  const shares = [environment?.foreignCpuRatio, environment?.stealRatio].filter((share) => typeof share === "number");
  return shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0);
}

function isDisturbedRun(run: Run): boolean {
  return (takenOf(run) ?? 0) >= disturbedRatio || (run.environment?.throttledRatio ?? 0) > throttledRatio;
}

/** What others took from these runs, and how many of them were disturbed. */
export function loadOf(runs: readonly Run[]): Load {
  return {
    foreignCpuRatio: spreadOf(runs.map((run) => run.environment?.foreignCpuRatio)),
    stealRatio: spreadOf(runs.map((run) => run.environment?.stealRatio)),
    takenRatio: spreadOf(runs.map(takenOf)),
    throttledRatio: spreadOf(runs.map((run) => run.environment?.throttledRatio)),
    disturbedRunsCount: runs.filter(isDisturbedRun).length,
    runsCount: runs.length,
  };
}

/** Whether so many runs were disturbed that the figures say little about the machine. */
export function isDisturbed({ load }: { readonly load: Load }): boolean {
  return load.disturbedRunsCount > 0 && load.disturbedRunsCount >= disturbedRunsRatio * load.runsCount;
}
