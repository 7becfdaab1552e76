import type { Warning } from "../errors.ts";
import type { Run } from "./run.ts";

/** A kind of warning with the last of its sentences, and how many of the runs carry it. */
export interface WarningCount extends Warning {
  readonly runsCount: number;
}

/** The warnings of some runs, one a code, the most frequent first. */
export function warningCountsOf(runs: readonly Pick<Run, "warnings">[]): WarningCount[] {
  const counts = new Map<string, WarningCount>();
  for (const { warnings } of runs) {
    const byCode = new Map(warnings.map((warning) => [warning.code, warning]));
    for (const [code, warning] of byCode) {
      counts.set(code, { ...warning, runsCount: (counts.get(code)?.runsCount ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((a, b) => b.runsCount - a.runsCount);
}
