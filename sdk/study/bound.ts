import type { DecodeRow, Evidence, ModelEvidence } from "./evidence.ts";

/** What limits decoding. */
export type Bound = "memory" | "computation" | "mixed" | "above-ceiling" | "disturbed" | "unknown";

/** From this share of the measured ceiling on, decoding is limited by memory bandwidth. */
export const memoryBoundRatio = 0.7;
/** Below this share memory does not limit it. */
export const computationBoundRatio = 0.55;
/** Above this share the measurement itself is at fault: nothing exceeds a ceiling. */
export const impossibleRatio = 1.02;
/** A thread count that gives less than this share of the best lies behind a cliff. */
export const cliffRatio = 0.8;
/** Above this, runs differ too much from each other to tell small effects. */
export const noisyRatio = 0.05;
/** From this share of the CPUs taken by other programs on, the figures are of the load, not of the machine. */
export const disturbedRatio = 0.15;
/** Above this share of time spent throttled, a container's CPU quota limits the result. */
export const throttledRatio = 0.01;

/** What limits a model's fastest decode, judged by its share of the memory bandwidth measured on this machine. */
export function boundOf(
  { best }: ModelEvidence,
  evidence: Pick<Evidence, "foreignCpuRatio" | "throttledRatio">,
): Bound {
  const ratio = best.decodeRooflineRatio;
  if (ratio === null) return "unknown";
  if (ratio > impossibleRatio) return "above-ceiling";
  if (isDisturbed(evidence)) return "disturbed";
  if (ratio >= memoryBoundRatio) return "memory";
  return ratio < computationBoundRatio ? "computation" : "mixed";
}

/** Whether other programs or a quota took so much that the figures say little about the machine. */
export function isDisturbed(evidence: Pick<Evidence, "foreignCpuRatio" | "throttledRatio">): boolean {
  return (evidence.foreignCpuRatio ?? 0) >= disturbedRatio || (evidence.throttledRatio ?? 0) > throttledRatio;
}

/** How many times one thread's speed the best placement gives; null when one thread was not timed. */
export function speedupOf({ best, rows }: ModelEvidence): number | null {
  const single = rows.find((row) => row.threadsCount === 1);
  return single === undefined ? null : best.decodeTokensPerSecond / single.decodeTokensPerSecond;
}

/** The first thread count above the best one that is far slower, its interval clear of the best one's; or null. */
export function cliffOf({ best, rows }: ModelEvidence): DecodeRow | null {
  const isBehind = (row: DecodeRow): boolean => {
    const [high, low] = [row.decodeHighTokensPerSecond, best.decodeLowTokensPerSecond];
    const isClear = high === null || low === null || high < low;
    return (
      row.threadsCount > best.threadsCount &&
      row.decodeTokensPerSecond < cliffRatio * best.decodeTokensPerSecond &&
      isClear
    );
  };
  return rows.find(isBehind) ?? null;
}

/** The smallest thread count that the noise floor cannot tell from the best one. */
export function frugalOf(
  { best, rows }: ModelEvidence,
  { noiseFloorRatio }: Pick<Evidence, "noiseFloorRatio">,
): DecodeRow {
  const enough = best.decodeTokensPerSecond * (1 - (noiseFloorRatio ?? 0));
  return rows.find((row) => row.decodeTokensPerSecond >= enough) ?? best;
}
