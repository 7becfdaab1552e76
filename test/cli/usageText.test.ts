import { expect, test } from "vitest";
import { formatUsage, formatUsageLines, type Watched, type WatchedInstance } from "../../sdk/cli/usageText.ts";

const instanceOf = (instanceIndex: number, memoryNodes: string | null): WatchedInstance => ({
  processId: 700 + instanceIndex,
  plan: {
    instanceIndex,
    cpus: "0-3",
    memoryNodes,
    memoryPolicy: memoryNodes === null ? "first-touch" : "bind",
    threadsCount: 4,
    bindingWay: "numactl",
    prefix: [],
  },
});

const gibibytePages = 2 ** 18;

const twoNodes: Watched = {
  elapsedSeconds: 1,
  instances: [
    {
      processId: 700,
      busyCpusCount: 3.98,
      threadsCount: 5,
      residentBytes: 3.2 * 2 ** 30,
      pagesByNode: { "0": 3 * gibibytePages },
    },
    {
      processId: 701,
      busyCpusCount: 4,
      threadsCount: 5,
      residentBytes: 4 * 2 ** 30,
      pagesByNode: { "0": gibibytePages, "1": 3 * gibibytePages },
    },
  ],
  nodes: [
    { nodeIndex: 0, hitsCount: 12_345, missesCount: 0, foreignCount: 8 },
    { nodeIndex: 1, hitsCount: 678, missesCount: 8, foreignCount: 0 },
  ],
  throttledSeconds: 0.35,
};
const instances = [instanceOf(0, "0"), instanceOf(1, "1")];

const nothing = { busyCpusCount: null, threadsCount: null, residentBytes: null, pagesByNode: null };

test("the picture shows each instance and each node, and marks memory on nodes that were not planned", () => {
  expect(formatUsage(twoNodes, instances)).toBe(
    `
     CPU (%)  threads  local (%)  RSS (GiB)   on N0   on N1
[0]      398        5        100        3.2       3       0
[1]      400        5       ! 75          4       1       3
! memory lies on other nodes than planned

in 1 s       hits     misses    foreign
node 0     12,345          0          8
node 1        678          8          0
throttled by the CPU quota: 350 ms
`.slice(1, -1),
  );
});

test("what is unknown is a dash, never 0", () => {
  const unknown: Watched = {
    elapsedSeconds: 1,
    instances: [{ processId: 700, ...nothing }],
    nodes: [{ nodeIndex: 0, hitsCount: null, missesCount: null, foreignCount: null }],
    throttledSeconds: null,
  };
  expect(formatUsage(unknown, instances)).toBe(
    `
     CPU (%)  threads  local (%)  RSS (B)   on N0
[0]        –        –          –        –       –

in 1 s       hits     misses    foreign
node 0          –          –          –
throttled by the CPU quota: –
`.slice(1, -1),
  );
});

test("memory that was not planned is on no wrong node", () => {
  expect(formatUsage(twoNodes, [instanceOf(0, null), instanceOf(1, null)])).not.toContain("!");
});

test("the picture of twelve busy instances on four nodes fits 80 columns, whatever the size of the memory", () => {
  const pagesByNode = { "0": 1234, "1": gibibytePages / 3, "2": 1023 * gibibytePages, "3": gibibytePages / 7 };
  const many: Watched = {
    ...twoNodes,
    instances: Array.from({ length: 12 }, (_, index) => ({
      processId: 700 + index,
      busyCpusCount: 127.9,
      threadsCount: 1024,
      residentBytes: 1023.4 * 2 ** 30,
      pagesByNode,
    })),
    nodes: [0, 1, 2, 3].map((nodeIndex) => ({ nodeIndex, hitsCount: 123_456_789, missesCount: 1, foreignCount: 1 })),
  };
  const watched = Array.from({ length: 12 }, (_, index) => instanceOf(index, "2"));
  for (const line of formatUsage(many, watched).split("\n")) expect(line.length).toBeLessThan(80);
});

test("a column keeps its place while its numbers change", () => {
  const placesOf = (busyCpusCount: number) =>
    formatUsage({ ...twoNodes, instances: [{ ...twoNodes.instances[0]!, busyCpusCount }] }, instances).indexOf("local");
  expect(placesOf(0)).toBe(placesOf(31.97));
});

test("for a file an instance is a line, and so is the machine", () => {
  expect(formatUsageLines({ ...twoNodes, elapsedSeconds: 5 }, instances)).toBe(
    `
watch [0] CPU 398 %, threads 5, RSS 3.2 GiB, N0 3 GiB, N1 0 B, local 100 %
watch [1] CPU 400 %, threads 5, RSS 4 GiB, N0 1 GiB, N1 3 GiB, local 75 % (memory lies on other nodes than planned)
watch N0 12,345 hits 0 misses 8 foreign, N1 678 hits 8 misses 0 foreign, throttled by the CPU quota 350 ms
`.slice(1, -1),
  );
});
