import type { Run } from "../../sdk/record/run.ts";
import { sampleRun } from "../record/sampleRun.ts";

/** What to write down as if it had been measured: tokens a second by thread count, one figure a repetition. */
export interface Script {
  readonly decode: Readonly<Record<number, readonly number[]>>;
  readonly prefill?: Readonly<Record<number, readonly number[]>>;
  readonly bandwidthBytesPerSecond?: number | null;
  readonly environment?: Partial<NonNullable<Run["environment"]>>;
  readonly model?: Partial<NonNullable<Run["model"]>>;
  readonly machine?: Partial<Run["machine"]>;
}

const lengths = { decode: 10, prefill: 100 } as const;

function scriptedRun(
  script: Script,
  cell: { kind: "decode" | "prefill"; threadsCount: number },
  repetition: { index: number; tokensPerSecond: number },
): Run {
  const { kind, threadsCount } = cell;
  const model = { ...sampleRun.model!, ...script.model };
  const bandwidth = script.bandwidthBytesPerSecond === undefined ? 1e10 : script.bandwidthBytesPerSecond;
  const tokensCount = lengths[kind];
  const tokenSeconds =
    kind === "prefill"
      ? [tokensCount / repetition.tokensPerSecond]
      : Array.from({ length: tokensCount }, (_, at) => (at + 1) / repetition.tokensPerSecond);
  return {
    ...sampleRun,
    id: `${kind}-${model.name}-${String(model.quant)}-${String(threadsCount)}-${String(repetition.index)}`,
    kind,
    origin: "scripted",
    repetitionIndex: repetition.index,
    spec: {
      threadsCount,
      cpus: threadsCount === 1 ? "0" : `0-${String(threadsCount - 1)}`,
      promptTokensCount: kind === "prefill" ? tokensCount : null,
      generatedTokensCount: kind === "decode" ? tokensCount : null,
      depthTokensCount: 0,
    },
    model,
    machine: { ...sampleRun.machine, ...script.machine },
    environment: { ...sampleRun.environment!, stealRatio: 0, foreignCpuRatio: 0.01, ...script.environment },
    ceilings: {
      bandwidthBytesPerSecond: bandwidth,
      decodeTokensPerSecond: bandwidth === null ? null : bandwidth / model.bytesPerToken,
      source: bandwidth === null ? "none" : "measured",
      reason: bandwidth === null ? "not measured" : null,
    },
    samples: { tokenSeconds, bytesPerSecond: null },
    warnings: [],
  };
}

/** Runs with stated times, for rules over numbers. Their origin says that they are scripted. */
export function scriptedRuns(script: Script): Run[] {
  return (["decode", "prefill"] as const).flatMap((kind) =>
    Object.entries(script[kind] ?? {}).flatMap(([threads, rates]) =>
      rates.map((tokensPerSecond, index) =>
        scriptedRun(script, { kind, threadsCount: Number(threads) }, { index, tokensPerSecond }),
      ),
    ),
  );
}

/** Six repetitions that differ by half a percent. */
export const steady = (tokensPerSecond: number): number[] =>
  [1, 1.005, 0.995, 1.002, 0.998, 1.001].map((factor) => factor * tokensPerSecond);
