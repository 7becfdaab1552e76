import { summarize, type Summary } from "../../stats/index.ts";
import type { Trial } from "./trial.ts";

/** A trial in one row: shares of held-out examples that are classified right. */
export interface TrialRow {
  readonly randomSeed: number;
  readonly chanceRatio: number;
  readonly teacherRatio: number;
  readonly aloneRatio: number;
  readonly distilledRatio: number;
  /** With the form of articles; null where that was not tried. */
  readonly articleRatio: number | null;
}

/** The row of a trial. */
export function trialRowOf({ randomSeed, chanceRatio, teacher, alone, distilled, article }: Trial): TrialRow {
  return {
    randomSeed,
    chanceRatio,
    teacherRatio: teacher.accuracyRatio,
    aloneRatio: alone.accuracyRatio,
    distilledRatio: distilled.accuracyRatio,
    articleRatio: article?.accuracyRatio ?? null,
  };
}

/**
 * How much larger the share is that the distilled student classifies right, trial by trial; negative where the teacher did harm.
 * @throws {StatsError} `empty` also where no row has that student
 */
export function distillationGainOf(
  rows: readonly TrialRow[],
  student: "distilledRatio" | "articleRatio" = "distilledRatio",
): Summary {
  return summarize(rows.flatMap((row) => (row[student] === null ? [] : [row[student] - row.aloneRatio])));
}
