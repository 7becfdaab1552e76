import { type Run, throughputOf } from "../record/index.ts";
import { type Comparison, comparePaired } from "../stats/index.ts";

/** Runs of one cell. */
interface Repeated {
  readonly runs: readonly Run[];
}

/** Throughputs by the round in which they were measured. */
function ratesOf({ runs }: Repeated): ReadonlyMap<string, number> {
  return new Map(
    runs.flatMap((run) => {
      const rate = throughputOf(run);
      return rate === null ? [] : [[`${run.study} ${run.repetitionIndex}`, rate] as const];
    }),
  );
}

/** How many times as fast one cell is as another, its runs paired by round; null when no round has both. */
export function compareCells(fast: Repeated, slow: Repeated): Comparison | null {
  const [measured, reference] = [ratesOf(fast), ratesOf(slow)];
  const rounds = [...measured.keys()].filter((round) => reference.has(round));
  if (rounds.length === 0) return null;
  const ratesIn = (rates: ReadonlyMap<string, number>) => rounds.flatMap((round) => rates.get(round) ?? []);
  return comparePaired(ratesIn(measured), ratesIn(reference));
}

/** The ratio with its 95 % interval: `2.11 [2.04–2.18] times`. */
export function timesText({ ratio, low, high }: Comparison): string {
  const interval =
    low === null || high === null ? "(no interval: too few runs)" : `[${low.toFixed(2)}–${high.toFixed(2)}]`;
  return `${ratio.toFixed(2)} ${interval} times`;
}
