import type { InstancePlan } from "../launch/index.ts";
import { compareEnvironment, measureBandwidth, readEnvironment } from "../measure/index.ts";
import { appendRun, type Run, runId } from "../record/index.ts";
import type { RunContext } from "./context.ts";
import type { Placement } from "./sweep.ts";

type Point = Awaited<ReturnType<typeof measureBandwidth>>["points"][number];

interface BandwidthOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

function specOf(cpus: string, threadsCount: number): Run["spec"] {
  return { threadsCount, cpus, promptTokensCount: null, generatedTokensCount: null, depthTokensCount: null };
}

function runOf(context: RunContext, instance: InstancePlan, rest: Pick<Run, "spec" | "startedAt" | "environment" | "samples" | "warnings">): Run {
  const { study, randomSeed, topologyDigest, machine, software } = context;
  const plan = { ...instance, prefix: [...instance.prefix] };
  const id = runId({ study, kind: "bandwidth", spec: rest.spec, plan, model: null, repetitionIndex: 0, topologyDigest, engineDriver: null, engineDigest: null });
  const ceilings: Run["ceilings"] = { bandwidthBytesPerSecond: null, decodeTokensPerSecond: null, source: "none", reason: "this run is the ceiling" };
  return { schema: "run/1", id, kind: "bandwidth", origin: "measured", study, repetitionIndex: 0, randomSeed, plan, binding: null, topologyDigest, machine, model: null, engine: null, software, ceilings, ...rest };
}

/** Measures the read bandwidth of every thread count of one placement, and records one run for each. */
export async function recordBandwidth(context: RunContext, placement: Placement, options: BandwidthOptions = {}): Promise<Run[]> {
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
  const runs = bandwidth.points.map((point: Point) =>
    runOf(context, instance, {
      spec: specOf(point.cpus, point.threadsCount),
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
  const alike = runs.filter((run) => run.kind === "bandwidth" && run.plan.cpus === instance.cpus && run.plan.memoryNodes === instance.memoryNodes);
  const samples = alike.flatMap((run) => run.samples.bytesPerSecond ?? []);
  return samples.length === 0 ? null : Math.max(...samples);
}
