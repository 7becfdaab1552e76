import type { Warning } from "../errors.ts";
import { seededRandom, shuffle } from "../stats/index.ts";
import { type CpuList, parseCpuList, subtractCpus, type Topology } from "../topology/index.ts";
import { MeasureError } from "./errors.ts";

/** What a caller may choose about the samples of a bandwidth measurement. */
export interface SamplingSpec {
  /** One measured point each: all its CPUs read at once, one thread a CPU. */
  readonly cpuLists: readonly CpuList[];
  /** Seed of the order in which points are sampled. */
  readonly randomSeed: number;
  /** What each thread reads round and round: several times its share of the last-level cache unless told. */
  readonly bufferBytesPerThread?: number;
  /** Samples of each point: 25 unless told. */
  readonly samplesCount?: number;
  /** How long one sample lasts: 0.04 unless told. */
  readonly sampleSeconds?: number;
  /** After this time no further sample is taken: 8 unless told. */
  readonly maximumSeconds?: number;
}

/** What of the machine decides about the buffers. */
export interface BandwidthMachine {
  readonly topology: Topology;
  /** Memory that may be taken without pushing anything out. */
  readonly availableBytes: number;
}

/** One point to measure. */
export interface BandwidthPointPlan {
  readonly cpus: CpuList;
  readonly cpuIndexes: readonly number[];
  readonly bufferBytesPerThread: number;
}

/** A bandwidth measurement with every choice made. */
export interface BandwidthPlan {
  readonly points: readonly BandwidthPointPlan[];
  /** The order of the points in each block; a block samples each point once. */
  readonly blocks: readonly (readonly number[])[];
  readonly sampleSeconds: number;
  readonly maximumSeconds: number;
  readonly warnings: readonly Warning[];
}

const hugePageBytes = 2 ** 21;
const minimumBufferBytes = 2 ** 26;
const minimumPointBytes = 2 ** 28;
/** Touched in a fraction of a second. */
const maximumBufferBytes = 2 ** 30;
/** Well below the 4 GiB of one WebAssembly memory. */
const largestBufferBytes = 2 ** 31;
const buffersPerCache = 4;
/** Below this some of what a sample reads is still in the cache from the round before. */
const fewestBuffersPerCache = 2;

function assertCpus(cpus: CpuList, topology: Topology): void {
  const unknown = subtractCpus(cpus, topology.cpuset);
  const forbidden = subtractCpus(cpus, topology.allowedCpuset);
  const facts = { cpus, online: topology.cpuset, allowed: topology.allowedCpuset };
  if (parseCpuList(cpus).length === 0) {
    throw new MeasureError(
      "invalid-request",
      `The CPU list "${cpus}" is empty; a point needs one CPU. Pass e.g. "0".`,
      { facts },
    );
  }
  if (unknown !== "") {
    const message = `CPU ${unknown} is not online; this machine has ${topology.cpuset}. Choose among these.`;
    throw new MeasureError("no-such-cpu", message, { facts });
  }
  if (forbidden !== "") {
    const message = `CPU ${forbidden} is not allowed to this process, which may use ${topology.allowedCpuset}. Choose among these, or widen its cpuset.`;
    throw new MeasureError("cpu-not-allowed", message, { facts });
  }
}

function assertNumbers(
  values: Readonly<Record<string, number>>,
  isGood: (value: number) => boolean,
  needed: string,
): void {
  for (const [name, value] of Object.entries(values)) {
    if (isGood(value)) continue;
    const message = `${name} is ${value}; it must be ${needed}. Leave it out for the usual one.`;
    throw new MeasureError("invalid-request", message, { facts: { [name]: value } });
  }
}

/** The bytes of all last-level caches behind these CPUs; null where the machine does not tell. */
function lastLevelCacheBytes({ caches }: Topology, cpuIndexes: readonly number[]): number | null {
  const last = caches.filter((cache) => cache.type !== "Instruction").sort((a, b) => b.level - a.level)[0];
  if (last?.sizeBytes === undefined || last.sizeBytes === null) return null;
  const used = last.cpusets.filter((cpus) => parseCpuList(cpus).some((cpu) => cpuIndexes.includes(cpu)));
  return used.length * last.sizeBytes;
}

const roundUp = (bytes: number): number => Math.ceil(bytes / hugePageBytes) * hugePageBytes;

function usualBufferBytes(threadsCount: number, cacheBytes: number | null, capBytes: number): number {
  const wanted = Math.max(minimumPointBytes, buffersPerCache * (cacheBytes ?? 0)) / threadsCount;
  return roundUp(Math.min(Math.max(wanted, minimumBufferBytes), maximumBufferBytes, capBytes));
}

function cacheWarnings(topology: Topology, points: readonly BandwidthPointPlan[]): readonly Warning[] {
  return points.flatMap(({ cpus, cpuIndexes, bufferBytesPerThread }) => {
    const cacheBytes = lastLevelCacheBytes(topology, cpuIndexes);
    const buffersBytes = bufferBytesPerThread * cpuIndexes.length;
    if (cacheBytes === null || buffersBytes >= fewestBuffersPerCache * cacheBytes) return [];
    const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
    return [
      {
        code: "cache-larger-than-buffer",
        message: `CPUs ${cpus} read ${mebibytes(buffersBytes)} behind ${mebibytes(cacheBytes)} of last-level cache; twice the cache is needed.`,
        advice:
          "The figure may be of the cache, unless a virtual machine reports its host's. Pass a larger bufferBytesPerThread.",
      },
    ];
  });
}

function pointsOf(spec: SamplingSpec, { topology, availableBytes }: BandwidthMachine): readonly BandwidthPointPlan[] {
  const lists = spec.cpuLists.map((cpus) => ({ cpus, cpuIndexes: parseCpuList(cpus) }));
  const threadsCount = new Set(lists.flatMap((list) => list.cpuIndexes)).size;
  const capBytes = Math.min(availableBytes, topology.limits.memoryBytes ?? Infinity) / 4 / threadsCount;
  return lists.map((list) => {
    const cacheBytes = lastLevelCacheBytes(topology, list.cpuIndexes);
    const usual = usualBufferBytes(list.cpuIndexes.length, cacheBytes, capBytes);
    return { ...list, bufferBytesPerThread: roundUp(spec.bufferBytesPerThread ?? usual) };
  });
}

/**
 * The measurement with every choice made. Each thread reads four times its share of the last-level cache, at least 64 MiB
 * (256 MiB a point), at most 1 GiB and, all together, a quarter of the available memory.
 * @throws {MeasureError} `invalid-request`, `no-such-cpu`, `cpu-not-allowed`
 */
export function planBandwidth(spec: SamplingSpec, machine: BandwidthMachine): BandwidthPlan {
  const {
    cpuLists,
    samplesCount = 25,
    sampleSeconds = 0.04,
    maximumSeconds = 8,
    bufferBytesPerThread = hugePageBytes,
  } = spec;
  assertNumbers(
    { sampleSeconds, maximumSeconds },
    (value) => value > 0 && value < Infinity,
    "a positive number of seconds",
  );
  assertNumbers({ samplesCount }, (value) => Number.isInteger(value) && value > 0, "a positive whole number");
  assertNumbers(
    { bufferBytesPerThread },
    (value) => value > 0 && value <= largestBufferBytes,
    "positive and at most 2 GiB",
  );
  if (cpuLists.length === 0)
    throw new MeasureError("invalid-request", 'There are 0 CPU lists; one is needed. Pass e.g. ["0"].');
  for (const cpus of cpuLists) assertCpus(cpus, machine.topology);
  const points = pointsOf(spec, machine);
  const random = seededRandom(spec.randomSeed);
  const indexes = points.map((_, index) => index);
  return {
    points,
    blocks: Array.from({ length: samplesCount }, () => shuffle(indexes, random)),
    sampleSeconds,
    maximumSeconds,
    warnings: cacheWarnings(machine.topology, points),
  };
}
