import { expect, test } from "vitest";
import { readMemoryState } from "../../sdk/host/memoryState.ts";
import { machineRoot } from "../measure/machineRoot.ts";

const kibi = 1024;
const nodes = {
  numaNodes: [0, 1, 2].map((osIndex) => ({ osIndex, cpus: "", memoryBytes: null, availableBytes: null })),
};

test("memory is told in all and by node, what a file's cache gives up included", () => {
  const node =
    "Node 0 MemTotal: 1000 kB\nNode 0 MemFree: 100 kB\nNode 0 Active(file): 20 kB\nNode 0 Inactive(file): 30 kB\nNode 0 SReclaimable: 5 kB\nNode 0 Active: 999 kB\n";
  const root = machineRoot({
    "proc/meminfo":
      "MemTotal: 2000 kB\nMemFree: 10 kB\nMemAvailable: 700 kB\nSwapTotal: 50 kB\nHugePages_Free: 3\nHugepagesize: 2048 kB\n",
    "proc/pressure/memory":
      "some avg10=12.50 avg60=0.00 avg300=0.00 total=1\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
    "sys/devices/system/node/node0/meminfo": node,
    "sys/devices/system/node/node1/meminfo": "Node 1 MemTotal: 0 kB\n",
  });
  expect(readMemoryState(root, nodes)).toEqual({
    totalBytes: 2000 * kibi,
    availableBytes: 700 * kibi,
    swapBytes: 50 * kibi,
    idleHugePagesBytes: 3 * 2048 * kibi,
    pressureRatio: 0.125,
    nodes: [{ nodeIndex: 0, totalBytes: 1000 * kibi, availableBytes: 155 * kibi }],
  });
});

test("what the kernel does not say is null", () => {
  const { nodes: known, ...rest } = readMemoryState(machineRoot({}), nodes);
  expect(known).toEqual([]);
  expect(new Set(Object.values(rest))).toEqual(new Set([null]));
});
