import { modelKeyOf, type Run, throughputOf } from "../record/index.ts";
import { summarizeRates } from "../stats/index.ts";

/** When to stop repeating. A round runs every cell once. */
export interface StopRule {
  /** Rounds that run whatever the time. */
  readonly minimumRoundsCount: number;
  readonly maximumRoundsCount: number;
  /** Beyond the minimum, no round begins that would end after this. */
  readonly budgetSeconds: number;
  /** Done when every interval is at most this wide to either side, relative to its estimate. */
  readonly intervalRatio: number;
}

/** The rule of `diagnose`: about a minute and a half. */
export const defaultStopRule: StopRule = {
  minimumRoundsCount: 3,
  maximumRoundsCount: 20,
  budgetSeconds: 80,
  intervalRatio: 0.02,
};

/** From so many samples on an interval is exact; with fewer nothing stops early. */
const exactSamplesCount = 6;

/** The throughputs of timed runs, grouped by what was run. */
function throughputsOf(runs: readonly Run[]): readonly number[][] {
  const groups = new Map<string, number[]>();
  for (const run of runs) {
    const throughput = throughputOf(run);
    const key = JSON.stringify([run.kind, run.model === null ? null : modelKeyOf(run.model), run.spec]);
    if (throughput !== null) groups.set(key, [...(groups.get(key) ?? []), throughput]);
  }
  return [...groups.values()];
}

/** Whether every cell has enough samples and an interval as narrow as asked. */
export function isNarrow(runs: readonly Run[], { intervalRatio }: Pick<StopRule, "intervalRatio">): boolean {
  const groups = throughputsOf(runs);
  return (
    groups.length > 0 &&
    groups.every((samples) => {
      if (samples.length < exactSamplesCount) return false;
      const { low, high, estimate } = summarizeRates(samples);
      return low !== null && high !== null && (high - low) / 2 <= intervalRatio * estimate;
    })
  );
}

/** Whether another round should run. */
export function wantsRound(
  rule: StopRule,
  state: {
    readonly roundIndex: number;
    readonly elapsedSeconds: number;
    readonly roundSeconds: number;
    readonly runs: readonly Run[];
  },
): boolean {
  const { roundIndex, elapsedSeconds, roundSeconds, runs } = state;
  if (roundIndex < rule.minimumRoundsCount) return true;
  if (roundIndex >= rule.maximumRoundsCount) return false;
  return elapsedSeconds + roundSeconds <= rule.budgetSeconds && !isNarrow(runs, rule);
}
