import type { Histogram } from "./histogram.ts";

/** From where to where a value is stored; beyond, it is cut off. */
export interface Range {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * How a range is chosen from what was seen: all of it (`min-max`), all but a share of 0.01 % at each end (`percentile`), or
 * what loses the least information, as relative entropy counts it (`entropy`; all of it where fewer than 8192 numbers were
 * seen).
 */
export type RangeMethod = "min-max" | "percentile" | "entropy";

/** What is cut off at each end by `percentile`. */
const cutRatio = 1e-4;

/** Whole numbers on one side of zero: values of one sign get twice as many. */
const levelsOf = ({ minimum, maximum }: Histogram): number => (minimum >= 0 || maximum <= 0 ? 256 : 128);

/** A range holds zero, so that what is zero stays so. */
function rangeOf(lowest: number, highest: number): Range {
  return { lowest: Math.min(0, lowest), highest: Math.max(0, highest) };
}

/** The end of the first bin, from the given end on, by which more than the share has been passed. */
function quantileOf({ counts, count, limit }: Histogram, isFromTop: boolean): number {
  const binsCount = counts.length;
  let passed = 0;
  for (let step = 0; step < binsCount; step++) {
    passed += counts[isFromTop ? binsCount - 1 - step : step] as number;
    if (passed > count * cutRatio) return (isFromTop ? 1 : -1) * (limit - (step * 2 * limit) / binsCount);
  }
  return 0;
}

function percentileRange(histogram: Histogram): Range {
  const { minimum, maximum } = histogram;
  return rangeOf(Math.max(minimum, quantileOf(histogram, false)), Math.min(maximum, quantileOf(histogram, true)));
}

/** Counts by distance from zero. What is zero, as a Relu makes it, is stored exactly, and must not decide: as its neighbours. */
function sizesOf({ counts }: Histogram): Float64Array {
  const middle = counts.length / 2;
  const sizes = Float64Array.from(
    { length: middle },
    (_, bin) => (counts[middle + bin] as number) + (counts[middle - 1 - bin] as number),
  );
  sizes[0] = Math.min(sizes[0] as number, sizes[1] as number);
  return sizes;
}

/**
 * The relative entropy of the first `keptCount` bins, which take over all beyond, to the same in `levelsCount` steps.
 * Bins of a step that were empty stay so.
 */
function divergenceOf(sizes: Float64Array, keptCount: number, levelsCount: number): number {
  const total = sizes.reduce((sum, count) => sum + count, 0);
  const inside = sizes.subarray(0, keptCount).reduce((sum, count) => sum + count, 0);
  let divergence = 0;
  for (let level = 0; level < levelsCount; level++) {
    const begin = Math.floor((level * keptCount) / levelsCount);
    const end = Math.floor(((level + 1) * keptCount) / levelsCount);
    const bins = sizes.subarray(begin, end);
    const filledCount = bins.reduce((filled, count) => filled + (count > 0 ? 1 : 0), 0);
    const stepShare = bins.reduce((sum, count) => sum + count, 0) / inside / filledCount;
    for (let bin = begin; bin < end; bin++) {
      const count = (sizes[bin] as number) + (bin === keptCount - 1 ? total - inside : 0);
      if (count === 0) continue;
      const isMissing = (sizes[bin] as number) === 0; // only what lies beyond is here
      divergence += (count / total) * Math.log(count / total / (isMissing ? 1e-12 : stepShare));
    }
  }
  return divergence;
}

/** Of fewer numbers the counts say too little about a distribution. */
const leastEntropyCount = 2 ** 13;

/**
 * The range around zero whose steps tell the most of how the numbers are spread.
 * @see https://on-demand.gputechconf.com/gtc/2017/presentation/s7310-8-bit-inference-with-tensorrt.pdf
 */
function entropyRange(histogram: Histogram): Range {
  if (histogram.count < leastEntropyCount) return rangeOf(histogram.minimum, histogram.maximum);
  const sizes = sizesOf(histogram);
  const levelsCount = levelsOf(histogram);
  let best = { keptCount: sizes.length, divergence: Infinity };
  for (let keptCount = levelsCount; keptCount <= sizes.length; keptCount += 16) {
    const divergence = divergenceOf(sizes, keptCount, levelsCount);
    if (divergence < best.divergence) best = { keptCount, divergence };
  }
  const reach = (histogram.limit * best.keptCount) / sizes.length;
  return rangeOf(Math.max(histogram.minimum, -reach), Math.min(histogram.maximum, reach));
}

/** The range in which values of this histogram are best stored, by this method. */
export function chooseRange(histogram: Histogram, method: RangeMethod): Range {
  if (histogram.limit === 0) return { lowest: 0, highest: 0 };
  if (method === "min-max") return rangeOf(histogram.minimum, histogram.maximum);
  return method === "percentile" ? percentileRange(histogram) : entropyRange(histogram);
}
