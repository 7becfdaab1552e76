import type { Warning } from "../errors.ts";
import { quantile, summarizeRates } from "../stats/index.ts";
import { formatQuantity } from "../units/index.ts";
import { groupsOf } from "./groups.ts";
import type { Run } from "./run.ts";

/** What one thread count behind one binding read of memory in a study. */
export interface Bandwidth {
  readonly cpus: string;
  readonly memoryNodes: string | null;
  readonly threadsCount: number;
  /** Measurements, each of several passes. */
  readonly measurementsCount: number;
  /** The centre of the measurements, each of the same weight however many passes it has. */
  readonly bytesPerSecond: number;
  /** The ends of the 95 % interval; over passes, the outermost ends of all measurements. */
  readonly lowBytesPerSecond: number;
  readonly highBytesPerSecond: number;
  /** From 3 measurements on the interval says how much these differ; below, only how much the passes of each do. */
  readonly intervalOver: "measurements" | "passes";
  readonly warnings: readonly Warning[];
}

/** The most that any thread count behind one binding read in a study. */
export interface Ceiling extends Omit<Bandwidth, "threadsCount"> {
  /** Null where nothing was measured and the runs state a bandwidth. */
  readonly threadsCount: number | null;
}

/** In which study and behind which binding something runs. */
export type Place = Pick<Run, "study"> & { readonly plan: Pick<Run["plan"], "cpus" | "memoryNodes"> };

/** Memory is steady when the 90th percentile of its passes is at most so many times the 10th. */
const steadyTimes = 1.4;

const placeKeyOf = ({ study, plan }: Place): string => JSON.stringify([study, plan.cpus, plan.memoryNodes]);

function warningsOf(passes: readonly number[]): Warning[] {
  const [low, high] = [quantile(passes, 0.1), quantile(passes, 0.9)];
  if (high <= steadyTimes * low) return [];
  const [least, most] = [low, high].map((rate) => formatQuantity(rate, "bytesPerSecond"));
  return [
    {
      code: "memory-unsteady",
      message: `The memory gave between ${least} and ${most} at different moments (10th to 90th percentile of all passes).`,
      advice: "Other programs or guests read it too. Measure again when they are quiet, with a longer budget.",
    },
  ];
}

function bandwidthOf(
  { plan: { cpus, memoryNodes } }: Place,
  measurements: readonly (readonly number[])[],
): Omit<Bandwidth, "threadsCount"> {
  const each = measurements.map((passes) => summarizeRates(passes));
  const { estimate, low, high } = summarizeRates(each.map((one) => one.estimate));
  return {
    cpus,
    memoryNodes,
    measurementsCount: measurements.length,
    bytesPerSecond: estimate,
    lowBytesPerSecond: low ?? Math.min(...each.map((one) => one.low ?? one.minimum)),
    highBytesPerSecond: high ?? Math.max(...each.map((one) => one.high ?? one.maximum)),
    intervalOver: low === null ? "passes" : "measurements",
    warnings: warningsOf(measurements.flat()),
  };
}

/** The bandwidth of each thread count that was measured, by study and binding. */
export function bandwidthsOf(runs: readonly Run[]): Bandwidth[] {
  const measured = runs.filter(({ samples }) => (samples.bytesPerSecond ?? []).length > 0);
  const groups = groupsOf(measured, (run) => JSON.stringify([placeKeyOf(run), run.spec.threadsCount]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const measurements = group.map(({ samples }) => samples.bytesPerSecond ?? []);
    if (first === undefined) return [];
    return [{ threadsCount: first.spec.threadsCount, ...bandwidthOf(first, measurements) }];
  });
}

/** What these runs state themselves, each value as one measurement. */
function statedOf(place: Place, runs: readonly Run[]): Ceiling | null {
  const stated = [...new Set(runs.flatMap(({ ceilings }) => ceilings.bandwidthBytesPerSecond ?? []))];
  if (stated.length === 0) return null;
  const measurements = stated.map((bytesPerSecond) => [bytesPerSecond]);
  return { threadsCount: null, ...bandwidthOf(place, measurements) };
}

function fastestOf(bandwidths: readonly Bandwidth[]): Bandwidth | null {
  return bandwidths.reduce<Bandwidth | null>(
    (best, one) => (one.bytesPerSecond > (best?.bytesPerSecond ?? 0) ? one : best),
    null,
  );
}

/**
 * The one ceiling of each study and binding: the most that any thread count read, else what the runs state. The function
 * gives the same object for every run of a place, and null where nothing is known.
 */
export function ceilingsOf(runs: readonly Run[]): (place: Place) => Ceiling | null {
  const ceilings = new Map<string, Ceiling | null>();
  for (const [key, own] of groupsOf(runs, placeKeyOf)) {
    const [first] = own;
    if (first !== undefined) ceilings.set(key, fastestOf(bandwidthsOf(own)) ?? statedOf(first, own));
  }
  return (place) => ceilings.get(placeKeyOf(place)) ?? null;
}
