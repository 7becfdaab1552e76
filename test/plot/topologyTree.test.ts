import { expect, test } from "vitest";
import { coreCachesOf, machinePartsOf, type MachinePart } from "../../sdk/plot/topologyTree.ts";
import { formatCpuList } from "../../sdk/topology/index.ts";
import { machineOf } from "./machine.ts";

const outline = (parts: readonly MachinePart[], indent = ""): string[] =>
  parts.flatMap(({ kind, label, cpus, parts: inner }) => [
    `${indent}${label || kind} [${formatCpuList(cpus)}]`,
    ...outline(inner, `${indent}  `),
  ]);

test("a small machine is package, node, cache, cores, from the outside in", () => {
  expect(outline(machinePartsOf(machineOf())).join("\n")).toMatchInlineSnapshot(`
    "Package 0 [0-1]
      NUMA node 0 · 8 GiB [0-1]
        L3 32 MiB [0-1]
          core [0]
          core [1]"
  `);
});

test("nodes inside an L3, a node without memory figures, a memory-only node and an offline PU each have their place", () => {
  const machine = machineOf({
    packageList: [{ osIndex: 0, cpus: "0-3", model: null }],
    coreList: ["0", "1", "2", "3"],
    numaNodes: [
      { osIndex: 0, cpus: "0-1", memoryBytes: 2 ** 30, availableBytes: null },
      { osIndex: 1, cpus: "2-3", memoryBytes: null, availableBytes: null },
      { osIndex: 2, cpus: "", memoryBytes: 2 ** 34, availableBytes: null },
    ],
    caches: [{ level: 3, type: "Unified", sizeBytes: null, sharedBy: 4, count: 1, cpusets: ["0-3"] }],
    allowedNodeset: "0,2",
    offlineCpus: "4-5",
  });
  expect(outline(machinePartsOf(machine)).join("\n")).toMatchInlineSnapshot(`
    "Package 0 [0-3]
      L3 of unknown size [0-3]
        NUMA node 0 · 1 GiB [0-1]
          core [0]
          core [1]
        NUMA node 1 · memory unknown · not allowed [2-3]
          core [2]
          core [3]
    NUMA node 2 · 16 GiB · memory only []
    offline [4-5]"
  `);
});

test("a node over two packages holds the packages", () => {
  const machine = machineOf({
    packageList: [
      { osIndex: 0, cpus: "0", model: null },
      { osIndex: 1, cpus: "1", model: null },
    ],
    caches: [],
  });
  expect(outline(machinePartsOf(machine)).slice(0, 2)).toEqual(["NUMA node 0 · 8 GiB [0-1]", "  Package 0 [0]"]);
});

test("the caches of single cores are told in words, differing sizes together", () => {
  const small = { level: 1, type: "Data", sizeBytes: 32 * 1024, sharedBy: 1, count: 1, cpusets: ["1"] } as const;
  const machine = machineOf();
  expect(coreCachesOf({ ...machine, caches: [...machine.caches, small] })).toEqual(["L1d 48 KiB or 32 KiB"]);
});
