import { quantile } from "../stats/index.ts";
import { type FrameLike, numbersOf } from "./column.ts";

/**
 * The q-quantile of a column's numbers, null when it has none; missing values are left out.
 * @throws {FrameError} `no-such-column`, `not-numbers`
 * @throws {StatsError} `bad-probability`
 */
export function quantileOf(frame: FrameLike, column: string, q: number): number | null {
  const numbers = numbersOf(frame, column).filter((value) => value !== null);
  return numbers.length === 0 ? null : quantile(numbers, q);
}
