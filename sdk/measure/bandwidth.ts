import { freemem } from "node:os";
import { fileURLToPath } from "node:url";
import type { Warning } from "../errors.ts";
import { type InstancePlan, type Launch, type LaunchedInstance, startLaunch } from "../launch/index.ts";
import { type Summary, summarize } from "../stats/index.ts";
import { type CpuList, formatCpuList, probeTopology } from "../topology/index.ts";
import { type BandwidthPlan, planBandwidth, type SamplingSpec } from "./bandwidthPlan.ts";
import { MeasureError } from "./errors.ts";
import { openReaders, type Readers } from "./readers.ts";
import type { BlockRates, ReadersState, ReadersTask } from "./worker/readerProcess.ts";

/** How far a measurement has come: blocks of one sample of each point. */
export interface BandwidthProgress {
  readonly finishedBlocksCount: number;
  readonly blocksCount: number;
}

/** What a caller may say about a bandwidth measurement; everything but the CPUs and the seed may be left out. */
export interface BandwidthSpec extends SamplingSpec {
  /** Binds the measuring process, so that its memory comes from the nodes of this plan: nothing is bound unless told. */
  readonly instance?: InstancePlan;
  readonly signal?: AbortSignal;
  /** Called between blocks only: nothing of this process runs while a block is measured. */
  readonly onProgress?: (progress: BandwidthProgress) => void;
}

/** The bandwidth of one list of CPUs. */
export interface BandwidthPoint {
  readonly cpus: CpuList;
  readonly threadsCount: number;
  readonly bufferBytesPerThread: number;
  readonly bytesPerSecond: Summary;
  /** The best sample: what the memory was seen to give. */
  readonly bestBytesPerSecond: number;
  /** Bytes a second of each sample, in the order taken. */
  readonly samples: readonly number[];
}

/** The read bandwidth of this machine's memory. */
export interface Bandwidth {
  readonly points: readonly BandwidthPoint[];
  /** The share of the buffers on huge pages; null where the kernel does not tell. */
  readonly hugePagesRatio: number | null;
  /** Whether every thread was confined to its CPU. */
  readonly pinned: boolean;
  readonly warnings: readonly Warning[];
}

/** For starting, touching memory and warming up, beyond `maximumSeconds`. */
const graceSeconds = 20;

function stateWarnings({ pinned, hugePagesRatio }: ReadersState): readonly Warning[] {
  const pinWarning = {
    code: "threads-not-pinned",
    message: "The reading threads could not be confined to their CPUs; each needs one of its own.",
    advice:
      "Let this process change its affinity (sched_setaffinity), and let koffi load its binary for this platform.",
  };
  const pagesWarning = {
    code: "small-pages",
    message: `${Math.round((hugePagesRatio ?? 0) * 100)} % of the buffers lie on huge pages; below 95 % address translation lowers the figure.`,
    advice: "Run `echo madvise > /sys/kernel/mm/transparent_hugepage/enabled` as root, and have memory to spare.",
  };
  return [
    ...(pinned ? [] : [pinWarning]),
    ...(hugePagesRatio === null || hugePagesRatio >= 0.95 ? [] : [pagesWarning]),
  ];
}

function unboundInstance(points: BandwidthPlan["points"]): InstancePlan {
  const cpuIndexes = points.flatMap((point) => point.cpuIndexes);
  return {
    instanceIndex: 0,
    cpus: formatCpuList(cpuIndexes),
    memoryNodes: null,
    memoryPolicy: "first-touch",
    threadsCount: new Set(cpuIndexes).size,
    bindingWay: "none",
    prefix: [],
  };
}

async function launchReaders(plan: BandwidthPlan, spec: BandwidthSpec, signal: AbortSignal): Promise<Launch> {
  const { points, sampleSeconds } = plan;
  const task: ReadersTask = { points, sampleSeconds };
  const file = fileURLToPath(new URL("./worker/readerProcess.js", import.meta.url));
  // Loaders and inspectors of this process are not for one that is measured.
  const environment = { NODE_OPTIONS: "" };
  return startLaunch(
    { instances: [spec.instance ?? unboundInstance(points)], warnings: [] },
    { file: process.execPath, args: [file, JSON.stringify(task)], environment },
    { signal },
  );
}

async function measureBlocks(
  readers: Readers,
  plan: BandwidthPlan,
  spec: BandwidthSpec,
): Promise<readonly BlockRates[]> {
  const deadline = performance.now() + plan.maximumSeconds * 1000;
  const rates: BlockRates[] = [];
  for (const order of plan.blocks) {
    if (rates.length > 0 && performance.now() >= deadline) break;
    rates.push(await readers.measureBlock(order));
    spec.onProgress?.({ finishedBlocksCount: rates.length, blocksCount: plan.blocks.length });
  }
  return rates;
}

function bandwidthOf(plan: BandwidthPlan, state: ReadersState, blocks: readonly BlockRates[]): Bandwidth {
  const points = plan.points.map(({ cpus, cpuIndexes, bufferBytesPerThread }, index) => {
    const samples = blocks.map((rates) => rates[index] ?? 0);
    const bytesPerSecond = summarize(samples);
    const bestBytesPerSecond = bytesPerSecond.maximum;
    return { cpus, threadsCount: cpuIndexes.length, bufferBytesPerThread, bytesPerSecond, bestBytesPerSecond, samples };
  });
  return { points, ...state, warnings: [...plan.warnings, ...stateWarnings(state)] };
}

async function measureWithin(plan: BandwidthPlan, spec: BandwidthSpec, signal: AbortSignal): Promise<Bandwidth> {
  await using launch = await launchReaders(plan, spec, signal);
  const readers = openReaders(launch.instances[0] as LaunchedInstance, signal);
  const state = await readers.awaitReady();
  return bandwidthOf(plan, state, await measureBlocks(readers, plan, spec));
}

/**
 * The read bandwidth of this machine's memory for each list of CPUs: bytes read by all its threads, each sequentially in a
 * buffer of its own that it touched first, over the time from the first start to the last finish. Nothing else is counted.
 * A disposable child process reads with 128-bit WebAssembly loads; the points are sampled in turn, in a random order
 * in every block. Works from the built package only.
 * @throws {MeasureError} `invalid-request`, `no-such-cpu`, `cpu-not-allowed`, `worker-died`, `stalled`
 * @throws {TopologyError} `bad-cpu-list`; {StatsError} `bad-seed`; {LaunchError} `binding-refused`
 */
export async function measureBandwidth(spec: BandwidthSpec): Promise<Bandwidth> {
  spec.signal?.throwIfAborted();
  const plan = planBandwidth(spec, { topology: await probeTopology(), availableBytes: freemem() });
  const limitSeconds = plan.maximumSeconds + graceSeconds;
  const timeout = AbortSignal.timeout(limitSeconds * 1000);
  const signal = spec.signal === undefined ? timeout : AbortSignal.any([spec.signal, timeout]);
  try {
    return await measureWithin(plan, spec, signal);
  } catch (cause) {
    if (!timeout.aborted) throw cause;
    const message = `The measurement was not through after ${limitSeconds} s; ${plan.maximumSeconds} s were planned. Measure fewer CPUs or smaller buffers.`;
    throw new MeasureError("stalled", message, { facts: { limitSeconds }, cause });
  }
}
