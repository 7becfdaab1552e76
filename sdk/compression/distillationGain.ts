import { summarize, type Summary } from "../stats/index.ts";
import type { Trial } from "./distillationTrial.ts";

/** A trial in one row: shares of held-out examples that are classified right. */
export interface TrialRow {
  readonly randomSeed: number;
  readonly chanceRatio: number;
  readonly teacherRatio: number;
  readonly aloneRatio: number;
  readonly distilledRatio: number;
}

/** The row of a trial. */
export function trialRowOf({ randomSeed, chanceRatio, teacher, alone, distilled }: Trial): TrialRow {
  return {
    randomSeed,
    chanceRatio,
    teacherRatio: teacher.accuracyRatio,
    aloneRatio: alone.accuracyRatio,
    distilledRatio: distilled.accuracyRatio,
  };
}

/**
 * How much larger the share is that the distilled student classifies right, trial by trial; negative where the teacher did harm.
 * @throws {StatsError} `empty`
 */
export function distillationGainOf(rows: readonly TrialRow[]): Summary {
  return summarize(rows.map(({ aloneRatio, distilledRatio }) => distilledRatio - aloneRatio));
}
