import type { Run } from "../../sdk/record/run.ts";
import { sampleRun } from "../record/sampleRun.ts";

/** What to write down as if it had been measured: tokens a second by thread count, one figure a repetition. */
export interface Script {
  readonly decode: Readonly<Record<number, readonly number[]>>;
  readonly prefill?: Readonly<Record<number, readonly number[]>>;
  readonly bandwidthBytesPerSecond?: number | null;
  readonly plan?: Partial<Run["plan"]>;
  readonly environment?: Partial<NonNullable<Run["environment"]>>;
  readonly model?: Partial<NonNullable<Run["model"]>>;
  readonly machine?: Partial<Run["machine"]>;
}

const lengths = { decode: 32, prefill: 128 } as const;

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
    id: `${kind}-${model.name}-${String(model.fileDigest)}-${String(model.quant)}-${String(threadsCount)}-${String(repetition.index)}`,
    kind,
    origin: "scripted",
    startedAt: `2026-01-31T12:0${String(repetition.index)}:00.000Z`,
    repetitionIndex: repetition.index,
    spec: {
      threadsCount,
      cpus: threadsCount === 1 ? "0" : `0-${String(threadsCount - 1)}`,
      promptTokensCount: kind === "prefill" ? tokensCount : null,
      generatedTokensCount: kind === "decode" ? tokensCount : null,
      depthTokensCount: 0,
    },
    plan: { ...sampleRun.plan, ...script.plan },
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

/** Twelve bandwidth samples around a figure, taken at `12:00` or another time of the day of the scripted runs. */
export function scriptedBandwidth(bytesPerSecond: number, time: string): Run {
  const samples = Array.from({ length: 12 }, (_, index) => bytesPerSecond * (0.99 + (index % 3) * 0.01));
  return {
    ...sampleRun,
    id: `bandwidth-${time}-${String(bytesPerSecond)}`,
    kind: "bandwidth",
    origin: "scripted",
    startedAt: `2026-01-31T${time}:00.000Z`,
    model: null,
    engine: null,
    binding: null,
    samples: { tokenSeconds: null, bytesPerSecond: samples },
    warnings: [],
  };
}

/** Six repetitions that differ by half a percent. */
export const steady = (tokensPerSecond: number): number[] =>
  [1, 1.005, 0.995, 1.002, 0.998, 1.001].map((factor) => factor * tokensPerSecond);
