import { type Ceiling, ceilingsOf, readBytesPerTokenOf, type Run, throughputOf } from "../record/index.ts";
import { summarizeRates } from "../stats/index.ts";
import type { Cell } from "./cell.ts";

/** A run, with the most that any thread count of its study and binding read. */
interface Placed {
  readonly run: Run;
  readonly ceiling: Ceiling | null;
}

/** The bytes that a decoded token reads; null for other kinds. */
function bytesPerTokenOf({ kind, model, spec }: Run): number | null {
  return kind === "decode" && model !== null ? readBytesPerTokenOf(model, spec) : null;
}

/** Bytes a second that a run read: measured, or what its tokens must have read; null for a prefill. */
function bytesPerSecondOf({ run }: Placed): number | null {
  const { bytesPerSecond } = run.samples;
  if (bytesPerSecond !== null) return summarizeRates(bytesPerSecond).estimate;
  const [tokensPerSecond, bytesPerToken] = [throughputOf(run), bytesPerTokenOf(run)];
  return tokensPerSecond === null || bytesPerToken === null ? null : tokensPerSecond * bytesPerToken;
}

/** The most tokens a second that a run could have decoded; null for other kinds. */
function ceilingOf({ run, ceiling }: Placed): number | null {
  const bytesPerToken = bytesPerTokenOf(run);
  return ceiling === null || bytesPerToken === null ? null : ceiling.bytesPerSecond / bytesPerToken;
}

/** Share of the most that any thread count read. */
function rooflineRatioOf(placed: Placed): number | null {
  const [tokensPerSecond, ceiling] = [throughputOf(placed.run), ceilingOf(placed)];
  return tokensPerSecond === null || ceiling === null ? null : tokensPerSecond / ceiling;
}

/** Every column of a frame of runs, in order, and where it comes from. */
const columns = {
  id: ({ run }) => run.id,
  study: ({ run }) => run.study,
  kind: ({ run }) => run.kind,
  origin: ({ run }) => run.origin,
  model: ({ run }) => run.model?.name ?? null,
  quant: ({ run }) => run.model?.quant ?? null,
  synthetic: ({ run }) => run.model?.synthetic ?? null,
  threadsCount: ({ run }) => run.spec.threadsCount,
  cpus: ({ run }) => run.spec.cpus,
  repetitionIndex: ({ run }) => run.repetitionIndex,
  tokensPerSecond: ({ run }) => throughputOf(run),
  ttftSeconds: ({ run }) => (run.kind === "prefill" ? (run.samples.tokenSeconds?.[0] ?? null) : null),
  bytesPerSecond: bytesPerSecondOf,
  ceilingTokensPerSecond: ceilingOf,
  rooflineRatio: rooflineRatioOf,
  binding: ({ run }) => run.binding?.state ?? null,
  stealRatio: ({ run }) => run.environment?.stealRatio ?? null,
  foreignCpuRatio: ({ run }) => run.environment?.foreignCpuRatio ?? null,
  warnings: ({ run }) => run.warnings.map(({ code }) => code).join(" "),
  startedAt: ({ run }) => run.startedAt,
} satisfies Record<string, (placed: Placed) => Cell>;

/** One run as a row of a frame. Missing is null. */
export type RunRow = { readonly [Column in keyof typeof columns]: ReturnType<(typeof columns)[Column]> };

/** The names of the columns of a frame of runs, in order. */
export const runColumns = Object.keys(columns) as readonly (keyof RunRow)[];

/** The rows of a frame: one a run, in their order. */
export function runRowsOf(runs: readonly Run[]): RunRow[] {
  const ceilingOfPlace = ceilingsOf(runs);
  return runs.map((run) => {
    const placed = { run, ceiling: ceilingOfPlace(run) };
    return Object.fromEntries(Object.entries(columns).map(([name, valueOf]) => [name, valueOf(placed)])) as RunRow;
  });
}
