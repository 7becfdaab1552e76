import { type Run, throughputOf } from "../record/index.ts";
import { summarize } from "../stats/index.ts";
import type { Cell } from "./cell.ts";

/** Bytes a second that a run read: measured, or what its tokens must have read of the weights; null for a prefill. */
function bytesPerSecondOf(run: Run): number | null {
  const { kind, samples, model } = run;
  if (kind === "bandwidth") return samples.bytesPerSecond === null ? null : summarize(samples.bytesPerSecond).estimate;
  const tokensPerSecond = throughputOf(run);
  return kind === "prefill" || tokensPerSecond === null || model === null
    ? null
    : tokensPerSecond * model.bytesPerToken;
}

/** The most tokens a second that a run could have decoded; null for other kinds. */
export function ceilingOf({ kind, ceilings }: Run): number | null {
  return kind === "decode" ? ceilings.decodeTokensPerSecond : null;
}

function rooflineRatioOf(run: Run): number | null {
  const [tokensPerSecond, ceiling] = [throughputOf(run), ceilingOf(run)];
  return tokensPerSecond === null || ceiling === null ? null : tokensPerSecond / ceiling;
}

/** Every column of a frame of runs, in order, and where it comes from. */
const columns = {
  id: (run) => run.id,
  study: (run) => run.study,
  kind: (run) => run.kind,
  origin: (run) => run.origin,
  model: (run) => run.model?.name ?? null,
  quant: (run) => run.model?.quant ?? null,
  synthetic: (run) => run.model?.synthetic ?? null,
  threadsCount: (run) => run.spec.threadsCount,
  cpus: (run) => run.spec.cpus,
  repetitionIndex: (run) => run.repetitionIndex,
  tokensPerSecond: throughputOf,
  ttftSeconds: (run) => (run.kind === "prefill" ? (run.samples.tokenSeconds?.[0] ?? null) : null),
  bytesPerSecond: bytesPerSecondOf,
  ceilingTokensPerSecond: ceilingOf,
  rooflineRatio: rooflineRatioOf,
  binding: (run) => run.binding?.state ?? null,
  stealRatio: (run) => run.environment?.stealRatio ?? null,
  foreignCpuRatio: (run) => run.environment?.foreignCpuRatio ?? null,
  warnings: (run) => run.warnings.map(({ code }) => code).join(" "),
  startedAt: (run) => run.startedAt,
} satisfies Record<string, (run: Run) => Cell>;

/** One run as a row of a frame. Missing is null. */
export type RunRow = { readonly [Column in keyof typeof columns]: ReturnType<(typeof columns)[Column]> };

/** The names of the columns of a frame of runs, in order. */
export const runColumns = Object.keys(columns) as readonly (keyof RunRow)[];

/** One run as a row of a frame. */
export function runRowOf(run: Run): RunRow {
  return Object.fromEntries(Object.entries(columns).map(([name, valueOf]) => [name, valueOf(run)])) as RunRow;
}
