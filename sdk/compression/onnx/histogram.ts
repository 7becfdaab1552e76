import { CompressionError } from "../errors.ts";

/** How often numbers were seen, in bins of equal width around zero, in memory that does not grow. */
export interface Histogram {
  readonly minimum: number;
  readonly maximum: number;
  readonly count: number;
  /** The bins reach from minus this to this. */
  readonly limit: number;
  readonly counts: Float64Array;
}

/** A histogram that grows. */
export interface GrowingHistogram {
  add(values: Float32Array): void;
  read(): Histogram;
}

/** On each side of zero; after a doubling of the limit at least half of them are in use. */
const binsOfSideCount = 2048;

/** Counts for a limit twice as large: two bins become one, around the middle. */
function doubled(counts: Float64Array): Float64Array {
  const wider = new Float64Array(counts.length);
  for (let bin = 0; bin < counts.length; bin++) {
    wider[(bin >> 1) + binsOfSideCount / 2] =
      (wider[(bin >> 1) + binsOfSideCount / 2] as number) + (counts[bin] as number);
  }
  return wider;
}

/** The least and the greatest of the values, and of what was seen before. */
function boundsOf(values: Float32Array, { minimum, maximum }: Pick<Histogram, "minimum" | "maximum">) {
  for (const value of values) {
    if (!Number.isFinite(value)) {
      const message = `The graph computes ${value} from the samples. Pass samples that give finite numbers.`;
      throw new CompressionError("bad-samples", message, { facts: { value } });
    }
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}

/**
 * A histogram without values. Its bins widen as larger values come, so that one pass over the data is enough.
 * Its `add` throws {CompressionError} `bad-samples` for what is not finite.
 */
export function createHistogram(): GrowingHistogram {
  let state: Histogram = {
    minimum: Infinity,
    maximum: -Infinity,
    count: 0,
    limit: 0,
    counts: new Float64Array(2 * binsOfSideCount),
  };
  return {
    add(values) {
      const bounds = boundsOf(values, state);
      const most = Math.max(Math.abs(bounds.minimum), Math.abs(bounds.maximum));
      let { limit, counts } = state;
      if (limit === 0) limit = most;
      for (; limit < most; limit *= 2) counts = doubled(counts);
      for (const value of values) {
        const bin = limit === 0 ? 0 : Math.floor((value / limit) * binsOfSideCount);
        const at = Math.min(bin, binsOfSideCount - 1) + binsOfSideCount;
        counts[at] = (counts[at] as number) + 1;
      }
      state = { ...bounds, count: state.count + values.length, limit, counts };
    },
    read: () => state,
  };
}
