import type { InstancePlan } from "../launch/index.ts";
import {
  type BandwidthPoint as Point,
  compareEnvironment,
  measureBandwidth,
  readEnvironment,
} from "../measure/index.ts";
import { appendRun, type Run, runId } from "../record/index.ts";
import type { RunContext } from "./context.ts";
import type { Placement } from "./sweep.ts";

interface BandwidthOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

function runOf(
  context: RunContext,
  instance: InstancePlan,
  rest: Pick<Run, "spec" | "startedAt" | "environment" | "samples" | "warnings">,
): Run {
  const { recordsFile: _, ...shared } = context;
  const plan = { ...instance, prefix: [...instance.prefix] };
  const identity = {
    study: context.study,
    kind: "bandwidth" as const,
    plan,
    model: null,
    repetitionIndex: 0,
    spec: rest.spec,
  };
  return {
    schema: "run/1",
    id: runId({ ...identity, topologyDigest: context.topologyDigest, engineDriver: null, engineDigest: null }),
    origin: "measured",
    binding: null,
    engine: null,
    ceilings: {
      bandwidthBytesPerSecond: null,
      decodeTokensPerSecond: null,
      source: "none",
      reason: "this run is the ceiling",
    },
    ...identity,
    ...shared,
    ...rest,
  };
}

function specOf({ cpus, threadsCount }: Point): Run["spec"] {
  return { threadsCount, cpus, promptTokensCount: null, generatedTokensCount: null, depthTokensCount: null };
}

/** Measures the read bandwidth of every thread count of one placement, and records one run for each. */
export async function recordBandwidth(
  context: RunContext,
  placement: Placement,
  options: BandwidthOptions = {},
): Promise<Run[]> {
  const { instance, threads } = placement;
  const startedAt = new Date().toISOString();
  const before = readEnvironment();
  const bandwidth = await measureBandwidth({
    cpuLists: threads.map((item) => item.cpus ?? instance.cpus),
    instance,
    randomSeed: context.randomSeed,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const { change } = compareEnvironment(before, readEnvironment());
  const runs = bandwidth.points.map((point) =>
    runOf(context, instance, {
      spec: specOf(point),
      startedAt,
      environment: change,
      samples: { tokenSeconds: null, bytesPerSecond: [...point.samples] },
      warnings: bandwidth.warnings.map((warning) => ({ ...warning })),
    }),
  );
  for (const run of runs) await appendRun(context.recordsFile, run);
  return runs;
}

/** The best sample of any thread count on the same binding: what this memory was seen to give, or null. */
export function bandwidthCeilingOf(runs: readonly Run[], instance: InstancePlan): number | null {
  const alike = runs.filter(
    (run) =>
      run.kind === "bandwidth" && run.plan.cpus === instance.cpus && run.plan.memoryNodes === instance.memoryNodes,
  );
  const samples = alike.flatMap((run) => run.samples.bytesPerSecond ?? []);
  return samples.length === 0 ? null : Math.max(...samples);
}
