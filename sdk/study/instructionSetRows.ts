import type { Divergence } from "../inference/index.ts";
import { comparePaired, summarize } from "../stats/index.ts";
import { labelOfModel } from "./label.ts";
import type { InstructionSetRung } from "./instructionSetRungs.ts";

/** What one fresh process of a rung gave. */
export interface RungSample {
  /** What the process had mapped, read from outside. */
  readonly computeLibrary: string | null;
  /** What that library says it was built with. */
  readonly instructionSets: readonly string[];
  readonly outputDigest: string | null;
  readonly binding: string;
  readonly prefillTokensPerSecond: number;
  readonly decodeTokensPerSecond: number;
}

/** A rung with what was measured of it. */
export interface MeasuredRung extends InstructionSetRung {
  readonly samples: readonly RungSample[];
  /** How far its probabilities are from those of the lowest rung; null where its digest is the same. */
  readonly divergence: Divergence | null;
}

/** One rung of the ladder. A speedup is how many times as fast as the lowest rung of the same round it was. */
export interface InstructionSetRow extends InstructionSetRung {
  readonly model: string;
  readonly quant: string | null;
  readonly synthetic: boolean;
  readonly threadsCount: number;
  readonly decodeTokensPerSecond: number;
  readonly decodeSpeedup: number;
  /** The 95 % interval over rounds; null with fewer than 3. */
  readonly decodeSpeedupLow: number | null;
  readonly decodeSpeedupHigh: number | null;
  readonly prefillTokensPerSecond: number;
  readonly prefillSpeedup: number;
  readonly prefillSpeedupLow: number | null;
  readonly prefillSpeedupHigh: number | null;
  readonly roundsCount: number;
  readonly computeLibrary: string | null;
  /** What the library says it was built with, with spaces between. */
  readonly instructionSets: string;
  /** Whether each process had mapped the library of this build. */
  readonly isPathProven: boolean;
  /**
   * `same`: the digest of the lowest rung. `close`: sums in another order, and so other last digits. `output-suspect`:
   * further off than that, or unknown; such a rung is no headline.
   */
  readonly output: "same" | "close" | "output-suspect";
  /** In nats, where the digests differ. */
  readonly meanDivergence: number | null;
  readonly binding: string;
}

/**
 * The mean divergence, in nats, that another order of sums explains. Quantizing weights to 8 bits, the mildest change that
 * anybody means to make, costs about this much.
 */
export const outputBoundNats = 1e-3;

type Subject = Pick<InstructionSetRow, "model" | "quant" | "synthetic" | "threadsCount">;

function outputOf({ samples, divergence }: MeasuredRung): InstructionSetRow["output"] {
  const digests = new Set(samples.map(({ outputDigest }) => outputDigest));
  if (digests.size > 1 || digests.has(null)) return "output-suspect";
  if (divergence === null) return "same";
  return divergence.meanDivergence <= outputBoundNats ? "close" : "output-suspect";
}

function speedOf(rung: MeasuredRung, lowest: MeasuredRung, kind: "prefill" | "decode") {
  const ratesOf = ({ samples }: MeasuredRung) => samples.map((sample) => sample[`${kind}TokensPerSecond`]);
  const { ratio, low, high } = comparePaired(ratesOf(rung), ratesOf(lowest));
  return { tokensPerSecond: summarize(ratesOf(rung)).estimate, ratio, low, high };
}

function rowOf(rung: MeasuredRung, lowest: MeasuredRung, subject: Subject): InstructionSetRow {
  const { build, instructionSet, samples, divergence } = rung;
  const decode = speedOf(rung, lowest, "decode");
  const prefill = speedOf(rung, lowest, "prefill");
  const [first] = samples;
  return {
    ...subject,
    build,
    instructionSet,
    decodeTokensPerSecond: decode.tokensPerSecond,
    decodeSpeedup: decode.ratio,
    decodeSpeedupLow: decode.low,
    decodeSpeedupHigh: decode.high,
    prefillTokensPerSecond: prefill.tokensPerSecond,
    prefillSpeedup: prefill.ratio,
    prefillSpeedupLow: prefill.low,
    prefillSpeedupHigh: prefill.high,
    roundsCount: samples.length,
    computeLibrary: first?.computeLibrary ?? null,
    instructionSets: first?.instructionSets.join(" ") ?? "",
    isPathProven: samples.every(({ computeLibrary }) => computeLibrary === `libggml-cpu-${build}.so`),
    output: outputOf(rung),
    meanDivergence: divergence?.meanDivergence ?? null,
    binding: samples.find(({ binding }) => binding !== "bound")?.binding ?? "bound",
  };
}

/** A row for each rung; the lowest comes first. */
export function instructionSetRowsOf(rungs: readonly MeasuredRung[], subject: Subject): InstructionSetRow[] {
  const [lowest] = rungs;
  return lowest === undefined ? [] : rungs.map((rung) => rowOf(rung, lowest, subject));
}

const times = (value: number): string => `${value.toFixed(2)} ×`;

/** What a ladder says in one sentence; rungs of suspect output, or of an unproven path, are left out of it. */
export function ladderSentenceOf(rows: readonly InstructionSetRow[]): string {
  const trusted = rows.filter(({ output, isPathProven }) => output !== "output-suspect" && isPathProven);
  const best = trusted.reduce<InstructionSetRow | null>(
    (most, row) => (row.decodeTokensPerSecond > (most?.decodeTokensPerSecond ?? 0) ? row : most),
    null,
  );
  const [lowest] = rows;
  if (best === null || lowest === undefined) return "No rung gave an output that can be trusted.";
  const { decodeSpeedupLow: low, decodeSpeedupHigh: high } = best;
  const interval = low === null || high === null ? "" : ` [${low.toFixed(2)}–${high.toFixed(2)}]`;
  return `${labelOfModel({ name: best.model, quant: best.quant })}: ${best.instructionSet} (${best.build}) decodes at ${times(best.decodeSpeedup)}${interval} the speed of ${lowest.instructionSet} (${lowest.build}), and prefills at ${times(best.prefillSpeedup)}.`;
}
