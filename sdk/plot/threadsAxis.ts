import { labelOf } from "../units/index.ts";
import type { Json } from "./spec.ts";
import { axisOf } from "./theme.ts";

/** Ticks nearer than this many doublings to the last one would run into each other. */
const closestDoublings = 0.22;

function tickCountsOf(threadCounts: readonly number[]): readonly number[] {
  const ascending = [...new Set(threadCounts)].sort((a, b) => a - b);
  const kept: number[] = [];
  for (const count of ascending.reverse()) {
    const last = kept.at(-1);
    if (last === undefined || Math.log2(last / count) >= closestDoublings) kept.push(count);
  }
  return kept.reverse();
}

/** A logarithmic axis of thread counts with its ticks at the counts that were measured. */
export function threadsAxisOf(threadCounts: readonly number[], more: Readonly<Record<string, Json>> = {}) {
  const ticks = tickCountsOf(threadCounts);
  const [low, high] = [Math.log10(Math.min(...threadCounts)), Math.log10(Math.max(...threadCounts))];
  const margin = Math.max(0.06, (high - low) * 0.05);
  return axisOf(labelOf("threadsCount"), {
    type: "log",
    range: [low - margin, high + margin],
    tickmode: "array",
    tickvals: ticks,
    ticktext: ticks.map(String),
    showgrid: false,
    ...more,
  });
}
