import fc from "fast-check";
import { expect, test } from "vitest";
import { type BandwidthMachine, planBandwidth } from "../../sdk/measure/bandwidthPlan.ts";
import type { Topology } from "../../sdk/topology/index.ts";
import { refusalOf } from "./refusalOf.ts";

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;

interface MachineSketch {
  readonly cacheBytes?: number | null;
  readonly memoryLimitBytes?: number;
  readonly availableBytes?: number;
}

/** Eight CPUs, of which 7 is offline and 6 forbidden, with one last-level cache for each four. */
function machineOf({ cacheBytes = 32 * mebibyte, memoryLimitBytes, availableBytes = 64 * gibibyte }: MachineSketch) {
  const topology = {
    cpuset: "0-6",
    allowedCpuset: "0-5",
    caches: [
      { level: 1, type: "Instruction", sizeBytes: 2 ** 15, sharedBy: 1, count: 7, cpusets: ["0", "1"] },
      { level: 2, type: "Unified", sizeBytes: mebibyte, sharedBy: 1, count: 7, cpusets: ["0", "1"] },
      { level: 3, type: "Unified", sizeBytes: cacheBytes, sharedBy: 4, count: 2, cpusets: ["0-3", "4-6"] },
    ],
    limits: { cgroupVersion: 2, cpuQuotaCpus: null, memoryBytes: memoryLimitBytes ?? null },
  };
  return { topology: topology as unknown as Topology, availableBytes } satisfies BandwidthMachine;
}

const buffersOf = (cpuLists: readonly string[], sketch: MachineSketch = {}) =>
  planBandwidth({ cpuLists, randomSeed: 1 }, machineOf(sketch)).points.map(
    ({ bufferBytesPerThread }) => bufferBytesPerThread / mebibyte,
  );

test("a plan states the defaults it chose", () => {
  const plan = planBandwidth({ cpuLists: ["0", "0-1,4"], randomSeed: 1 }, machineOf({}));
  expect(plan).toMatchObject({ sampleSeconds: 0.04, maximumSeconds: 8, warnings: [] });
  expect(plan.points).toEqual([
    { cpus: "0", cpuIndexes: [0], bufferBytesPerThread: 256 * mebibyte },
    { cpus: "0-1,4", cpuIndexes: [0, 1, 4], bufferBytesPerThread: 86 * mebibyte },
  ]);
  expect(plan.blocks).toHaveLength(25);
});

test("every block samples each point once, in an order that the seed decides", () => {
  const arbitrary = fc.record({
    randomSeed: fc.nat(2 ** 32 - 1),
    cpuLists: fc.array(fc.constantFrom("0", "1-2", "0-5"), { minLength: 1, maxLength: 9 }),
    samplesCount: fc.integer({ min: 1, max: 30 }),
  });
  fc.assert(
    fc.property(arbitrary, (spec) => {
      const { blocks } = planBandwidth(spec, machineOf({}));
      const indexes = spec.cpuLists.map((_, index) => index);
      expect(blocks.map((block) => [...block].sort((a, b) => a - b))).toEqual(Array(spec.samplesCount).fill(indexes));
      expect(planBandwidth(spec, machineOf({})).blocks).toEqual(blocks);
    }),
  );
});

test("buffers are four times the cache behind their CPUs, within bounds", () => {
  expect(buffersOf(["0", "0-3", "0-5"], { cacheBytes: 128 * mebibyte })).toEqual([512, 128, 172]);
  expect(buffersOf(["0", "0-5"], { cacheBytes: null })).toEqual([256, 64]);
  expect(buffersOf(["0"], { cacheBytes: 480 * mebibyte })).toEqual([1024]);
});

test("all buffers together take no more than a quarter of what memory is there", () => {
  expect(buffersOf(["0-3", "0"], { availableBytes: gibibyte, cacheBytes: null })).toEqual([64, 64]);
  expect(buffersOf(["0-3"], { memoryLimitBytes: 512 * mebibyte })).toEqual([32]);
});

test("a cache that the buffers cannot exceed is a warning", () => {
  const spec = { cpuLists: ["0", "0-3"], randomSeed: 1 };
  const { warnings } = planBandwidth(spec, machineOf({ cacheBytes: 800 * mebibyte, availableBytes: 8 * gibibyte }));
  expect(warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    "cache-larger-than-buffer: CPUs 0 read 512 MiB behind 800 MiB of last-level cache; twice the cache is needed.",
  ]);
});

test("a buffer that the caller chose is rounded up to whole huge pages", () => {
  const spec = { cpuLists: ["0"], randomSeed: 1, bufferBytesPerThread: 3e6 };
  expect(planBandwidth(spec, machineOf({})).points[0]!.bufferBytesPerThread).toBe(4 * mebibyte);
});

test.each([
  ["no CPU list", { cpuLists: [] }, "[invalid-request]: There are 0 CPU lists"],
  ["an empty CPU list", { cpuLists: ["0", ""] }, '[invalid-request]: The CPU list "" is empty'],
  ["a CPU that is not there", { cpuLists: ["0-9"] }, "[no-such-cpu]: CPU 7-9 is not online; this machine has 0-6."],
  ["a CPU it may not use", { cpuLists: ["4-6"] }, "[cpu-not-allowed]: CPU 6 is not allowed to this process"],
  [
    "half a sample",
    { samplesCount: 0.5 },
    "[invalid-request]: samplesCount is 0.5; it must be a positive whole number.",
  ],
  ["a sample without duration", { sampleSeconds: 0 }, "[invalid-request]: sampleSeconds is 0"],
  ["a measurement without end", { maximumSeconds: Infinity }, "[invalid-request]: maximumSeconds is Infinity"],
  [
    "a buffer beyond WebAssembly",
    { bufferBytesPerThread: 2 ** 32 },
    "[invalid-request]: bufferBytesPerThread is 4294967296",
  ],
])("%s is refused", (_what, spec, message) => {
  expect(refusalOf(() => planBandwidth({ cpuLists: ["0"], randomSeed: 1, ...spec }, machineOf({})))).toContain(message);
});
