import { summarizeRates } from "../stats/index.ts";
import type { Run } from "./run.ts";

/** Read bandwidth at one time behind one binding: the estimate of its fastest thread count with the 95 % interval. */
export interface Bandwidth {
  readonly bytesPerSecond: number;
  readonly lowBytesPerSecond: number;
  readonly highBytesPerSecond: number;
}

/** When, where and in which study something ran. */
export type Moment = Pick<Run, "study" | "startedAt"> & { readonly plan: Pick<Run["plan"], "cpus" | "memoryNodes"> };

function isBeside({ study, plan }: Moment, run: Run): boolean {
  const isAlike = plan.cpus === run.plan.cpus && plan.memoryNodes === run.plan.memoryNodes;
  return run.kind === "bandwidth" && run.study === study && isAlike;
}

function bandwidthOf(samples: readonly number[]): Bandwidth {
  const { estimate, low, high, minimum, maximum } = summarizeRates(samples);
  return { bytesPerSecond: estimate, lowBytesPerSecond: low ?? minimum, highBytesPerSecond: high ?? maximum };
}

/** The bandwidth measured nearest in time to a moment of the same study, on the same binding; null when there is none. */
export function bandwidthNear(moment: Moment, runs: readonly Run[]): Bandwidth | null {
  const beside = runs.filter((run) => isBeside(moment, run));
  const distanceOf = ({ startedAt }: Run): number => Math.abs(Date.parse(startedAt) - Date.parse(moment.startedAt));
  const least = Math.min(...beside.map(distanceOf));
  const nearest = beside.filter((run) => distanceOf(run) === least);
  return nearest
    .flatMap(({ samples }) => (samples.bytesPerSecond === null ? [] : [bandwidthOf(samples.bytesPerSecond)]))
    .reduce<Bandwidth | null>((best, one) => (one.bytesPerSecond > (best?.bytesPerSecond ?? 0) ? one : best), null);
}
