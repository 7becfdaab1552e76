import { grouped } from "./grouped.ts";
import type { TuningPlan, TuningStep } from "./tuning.ts";

/** A line of a plan as one row of a table; alike steps, as those of many CPUs, are one row. */
export interface TuningRow {
  readonly setting: TuningStep["setting"];
  /** How many files, devices or policies are meant. */
  readonly placesCount: number;
  readonly now: string | null;
  readonly wanted: string;
  /** In words: `change`, `by hand`, `as wanted`, `impossible`. */
  readonly action: string;
  /** What the wanted value is good for, or why it cannot be had here. */
  readonly why: string;
  /** Null where nothing is to be had. */
  readonly cost: string | null;
}

/** What is done about a step, in words. */
export const actionWords: Readonly<Record<TuningStep["action"], string>> = {
  write: "change",
  advice: "by hand",
  none: "as wanted",
  impossible: "impossible",
};

/** The steps that say the same of different places stand together. */
export function groupedSteps(steps: readonly TuningStep[]): (readonly [TuningStep, ...TuningStep[]])[] {
  return grouped(steps, ({ setting, now, wanted, action, reason }) =>
    JSON.stringify([setting, now, wanted, action, reason]),
  );
}

/** A plan as rows for a table: each setting as it is and as it is wanted, with why and at what cost. */
export function tuningRowsOf({ steps }: TuningPlan): TuningRow[] {
  return groupedSteps(steps).map((group): TuningRow => {
    const [{ setting, now, wanted, action, reason, why, cost }] = group;
    const isPossible = action !== "impossible";
    return {
      setting,
      placesCount: group.length,
      now,
      wanted,
      action: actionWords[action],
      why: isPossible ? why : (reason ?? why),
      cost: isPossible ? cost : null,
    };
  });
}
