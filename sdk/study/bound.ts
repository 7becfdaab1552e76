import type { Comparison } from "../stats/index.ts";
import type { DecodeRow, Evidence, ModelEvidence } from "./evidence.ts";
import { isDisturbed } from "./load.ts";
import { compareCells } from "./pairs.ts";

/** What limits decoding. */
export type Bound = "memory" | "computation" | "mixed" | "above-ceiling" | "disturbed" | "uncertain" | "unknown";

/** From this share of the measured ceiling on, decoding is limited by memory bandwidth. */
export const memoryBoundRatio = 0.7;
/** Below this share memory does not limit it. */
export const computationBoundRatio = 0.55;
/** Above this share the measurement itself is at fault: nothing exceeds a ceiling. */
export const impossibleRatio = 1.02;
/** A thread count that gives less than this share of the best lies behind a cliff. */
export const cliffRatio = 0.8;
/** Above this, single runs differ too much from each other to be quoted. */
export const noisyRatio = 0.05;
/** More threads are worth it when they are shown to give more than this many times the speed. */
const worthwhileTimes = 1.02;
/** Whatever the interval says, a thread count that looks this much slower is not recommended. */
const slowerTimes = 1.05;

/** What a share of the ceiling says: its whole interval must lie in one class. */
function classOf({
  decodeRooflineRatio,
  decodeRooflineLowRatio: low,
  decodeRooflineHighRatio: high,
}: DecodeRow): Bound {
  if (decodeRooflineRatio === null) return "unknown";
  if (low === null || high === null) return "uncertain";
  if (low > impossibleRatio) return "above-ceiling";
  if (low >= memoryBoundRatio && decodeRooflineRatio <= impossibleRatio) return "memory";
  if (high < computationBoundRatio) return "computation";
  return low >= computationBoundRatio && high < memoryBoundRatio ? "mixed" : "uncertain";
}

/** What limits a model's fastest decode, judged by its share of the most that any thread count read. */
export function boundOf({ best }: ModelEvidence, evidence: Pick<Evidence, "load">): Bound {
  const kind = classOf(best);
  const isJudgement = kind !== "unknown" && kind !== "above-ceiling";
  return isJudgement && isDisturbed(evidence) ? "disturbed" : kind;
}

/** How many times one thread's speed the best placement gives; null when one thread was not timed, or is the best. */
export function speedupOf({ best, rows }: ModelEvidence): Comparison | null {
  const single = rows.find((row) => row.threadsCount === 1);
  return single === undefined || single === best ? null : compareCells(best, single);
}

/** The first thread count above the best one that is far slower, round by round; or null. */
export function cliffOf({ best, rows }: ModelEvidence): DecodeRow | null {
  const isBehind = (row: DecodeRow): boolean => {
    const gain = row.threadsCount > best.threadsCount ? compareCells(best, row) : null;
    return gain !== null && gain.ratio > 1 / cliffRatio && (gain.low === null || gain.low > 1);
  };
  return rows.find(isBehind) ?? null;
}

/** The smallest thread count that the best one is not shown to beat by a worthwhile margin, round by round. */
export function frugalOf({ best, rows }: ModelEvidence): DecodeRow {
  const isEnough = (row: DecodeRow): boolean => {
    const gain = compareCells(best, row);
    return gain !== null && gain.low !== null && gain.low <= worthwhileTimes && gain.ratio <= slowerTimes;
  };
  return rows.find((row) => row === best || isEnough(row)) ?? best;
}
