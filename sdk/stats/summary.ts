/** What a set of samples says: an estimate with its 95 % interval, and how they were made. */
export interface Summary {
  readonly count: number;
  /** Hodges–Lehmann pseudo-median from 6 samples on, the mean below. */
  readonly estimate: number;
  /** The 95 % interval of the estimate, or null with a reason. */
  readonly low: number | null;
  readonly high: number | null;
  readonly method: "wilcoxon" | "student-t" | null;
  /** Why there is no interval, else null. */
  readonly reason: string | null;
  readonly median: number;
  readonly mean: number;
  readonly standardDeviation: number | null;
  readonly minimum: number;
  readonly maximum: number;
}
