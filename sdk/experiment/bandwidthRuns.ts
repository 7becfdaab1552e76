import { type BandwidthPoint, compareEnvironment, measureBandwidth, readEnvironment } from "../measure/index.ts";
import { type Run, runId } from "../record/index.ts";
import type { RunContext } from "./context.ts";
import type { Placement } from "./sweep.ts";

/** Enough short samples to meet a quiet moment, few enough to be repeated between rounds. */
const samplesCount = 12;
const maximumSeconds = 5;

/** Which measurement of the bandwidth of one placement. */
interface BandwidthRequest {
  readonly placement: Placement;
  readonly repetitionIndex: number;
  readonly signal?: AbortSignal;
}

function identityOf(
  context: RunContext,
  request: BandwidthRequest,
  threads: Pick<BandwidthPoint, "cpus" | "threadsCount">,
) {
  const { instance } = request.placement;
  return {
    study: context.study,
    kind: "bandwidth" as const,
    spec: { ...threads, promptTokensCount: null, generatedTokensCount: null, depthTokensCount: null },
    plan: { ...instance, prefix: [...instance.prefix] },
    model: null,
    repetitionIndex: request.repetitionIndex,
    topologyDigest: context.topologyDigest,
  };
}

const engineless = { engineDriver: null, engineDigest: null };
const noCeiling: Run["ceilings"] = {
  bandwidthBytesPerSecond: null,
  decodeTokensPerSecond: null,
  source: "none",
  reason: "this run is the ceiling",
};

/** The id of the first run of a bandwidth measurement, known before it is made. */
export function bandwidthIdOf(context: RunContext, placement: Placement, repetitionIndex: number): string {
  const [first] = placement.threads;
  const threads = { cpus: first?.cpus ?? placement.instance.cpus, threadsCount: first?.threadsCount ?? 0 };
  return runId({ ...identityOf(context, { placement, repetitionIndex }, threads), ...engineless });
}

/**
 * Measures the read bandwidth of every thread count of one placement: one run for each.
 * @throws {MeasureError} when the bandwidth could not be measured
 */
export async function measureBandwidthRuns(context: RunContext, request: BandwidthRequest): Promise<Run[]> {
  const { placement, repetitionIndex, signal } = request;
  const startedAt = new Date().toISOString();
  const before = readEnvironment();
  const { points, warnings } = await measureBandwidth({
    cpuLists: placement.threads.map(({ cpus }) => cpus ?? placement.instance.cpus),
    instance: placement.instance,
    randomSeed: (context.randomSeed + repetitionIndex) % 2 ** 32,
    samplesCount,
    maximumSeconds,
    ...(signal === undefined ? {} : { signal }),
  });
  const { change, warnings: disturbances } = compareEnvironment(before, readEnvironment());
  const { machine, software, randomSeed } = context;
  return points.map(({ cpus, threadsCount, samples }): Run => {
    const identity = identityOf(context, request, { cpus, threadsCount });
    return {
      schema: "run/1",
      id: runId({ ...identity, ...engineless }),
      ...identity,
      origin: "measured",
      startedAt,
      randomSeed,
      binding: null,
      machine,
      engine: null,
      software,
      environment: change,
      ceilings: noCeiling,
      samples: { tokenSeconds: null, bytesPerSecond: [...samples] },
      warnings: [...warnings, ...disturbances].map((warning) => ({ ...warning })),
    };
  });
}
