import { expect, test } from "vitest";
import { formatTopology } from "../../sdk/topology/format.ts";
import { readTopology } from "../../sdk/topology/readTopology.ts";
import { filesOf, treeOf } from "../machines/files.ts";
import { plainSpec } from "../machines/spec.ts";
import type { MachineSpec } from "../machines/spec.ts";

const topologyOf = (spec: Partial<MachineSpec>) => readTopology(treeOf(filesOf({ ...plainSpec, ...spec })));

test("a desktop fits on one line of the tree", () => {
  expect(formatTopology(topologyOf({}))).toMatchInlineSnapshot(`
    "Generated CPU · x86_64
    1 package, 1 NUMA node, 4 cores, 8 PUs (2 per core), 64 GiB of memory

    package 0 · node 0, 64 GiB · L3 16 MiB  4 cores × 2 PUs  0-7

    caches       L1d 32 KiB × 4, L3 16 MiB × 1
    allowed      all CPUs and nodes
    limits       none
    offline      none
    isolated     none"
  `);
});

test("a container says what it may use of a machine with offline and isolated CPUs", () => {
  const container = {
    version: 2,
    namespace: "private",
    cpus: [4, 5, 6, 7],
    nodes: [1],
    quotaCpus: 1.5,
    memoryBytes: 400 * 2 ** 20,
  } as const;
  const topology = topologyOf({ packagesCount: 2, numbering: "adjacent", offline: [1], isolated: [14, 15], container });
  expect(formatTopology(topology)).toMatchInlineSnapshot(`
    "Generated CPU · x86_64
    2 packages, 2 NUMA nodes, 8 cores, 15 PUs (up to 2 per core), 128 GiB of memory

    package 0 · node 0, 64 GiB · L3 16 MiB  4 cores, 7 PUs   0,2-7
    package 1 · node 1, 64 GiB · L3 16 MiB  4 cores × 2 PUs  8-15

    caches       L1d 32 KiB × 8, L3 16 MiB × 2
    allowed      CPUs 4-7 (4 of 15), nodes 1 (1 of 2)
    limits       CPU time of 1.5 CPUs, 400 MiB of memory (cgroup v2)
    offline      1
    isolated     14-15
    distances    10 to itself, 21 to every other node"
  `);
});

test("memory without CPUs and kinds of CPUs stand beside the tree", () => {
  const topology = topologyOf({ nodesPerPackage: 2, threadsPerCore: 1, memoryOnlyNodesCount: 1, nodeStride: 8 });
  const cpuKinds = [
    { kind: "performance", cpus: "0-1" },
    { kind: "efficiency", cpus: "2-7" },
  ] as const;
  expect(formatTopology({ ...topology, cpuKinds })).toMatchInlineSnapshot(`
    "Generated CPU · x86_64
    1 package, 3 NUMA nodes, 8 cores, 8 PUs (no SMT), 192 GiB of memory

    package 0                      8 cores  0-7
    ├─ node 0, 64 GiB · L3 16 MiB  4 cores  0-3
    └─ node 8, 64 GiB · L3 16 MiB  4 cores  4-7

    caches       L1d 32 KiB × 8, L3 16 MiB × 2
    memory only  node 16 64 GiB
    kinds        performance 0-1
                 efficiency 2-7
    allowed      all CPUs and nodes
    limits       none
    offline      none
    isolated     none
    distances           0   8  16
                    0  10  12  21
                    8  12  10  21
                   16  21  21  10"
  `);
});

test("a machine of 256 PUs gathers its caches by node", () => {
  const topology = topologyOf({ packagesCount: 2, nodesPerPackage: 2, cachesPerNode: 4, coresPerCache: 8 });
  expect(formatTopology(topology)).toMatchInlineSnapshot(`
    "Generated CPU · x86_64
    2 packages, 4 NUMA nodes, 128 cores, 256 PUs (2 per core), 256 GiB of memory

    package 0            64 cores × 2 PUs      0-63,128-191
    ├─ node 0, 64 GiB    32 cores × 2 PUs      0-31,128-159
    │  └─ 4 × L3 16 MiB  8 cores × 2 PUs each  0-7,128-135 | 8-15,136-143 | 16-23,144-151 | 24-31,…
    └─ node 1, 64 GiB    32 cores × 2 PUs      32-63,160-191
       └─ 4 × L3 16 MiB  8 cores × 2 PUs each  32-39,160-167 | 40-47,168-175 | 48-55,176-183 |…
    package 1            64 cores × 2 PUs      64-127,192-255
    ├─ node 2, 64 GiB    32 cores × 2 PUs      64-95,192-223
    │  └─ 4 × L3 16 MiB  8 cores × 2 PUs each  64-71,192-199 | 72-79,200-207 | 80-87,208-215 |…
    └─ node 3, 64 GiB    32 cores × 2 PUs      96-127,224-255
       └─ 4 × L3 16 MiB  8 cores × 2 PUs each  96-103,224-231 | 104-111,232-239 | 112-119,240-247 |…

    caches       L1d 32 KiB × 128, L3 16 MiB × 16
    allowed      all CPUs and nodes
    limits       none
    offline      none
    isolated     none
    distances           0   1   2   3
                    0  10  12  21  21
                    1  12  10  21  21
                    2  21  21  10  12
                    3  21  21  12  10"
  `);
});

test("a machine of many nodes leaves out the middle", () => {
  const topology = topologyOf({ packagesCount: 24, coresPerCache: 2, threadsPerCore: 1 });
  expect(formatTopology(topology)).toMatchInlineSnapshot(`
    "Generated CPU · x86_64
    24 packages, 24 NUMA nodes, 48 cores, 48 PUs (no SMT), 1.5 TiB of memory

    package 0 · node 0, 64 GiB · L3 16 MiB    2 cores  0-1
    package 1 · node 1, 64 GiB · L3 16 MiB    2 cores  2-3
    package 2 · node 2, 64 GiB · L3 16 MiB    2 cores  4-5
    … 20 more …
    package 23 · node 23, 64 GiB · L3 16 MiB  2 cores  46-47

    caches       L1d 32 KiB × 48, L3 16 MiB × 24
    allowed      all CPUs and nodes
    limits       none
    offline      none
    isolated     none
    distances    10 to itself, 21 to every other node"
  `);
});

test("no line is wider than 96 columns", () => {
  const topology = topologyOf({ packagesCount: 2, cachesPerNode: 4, coresPerCache: 16, numbering: "scattered" });
  const lines = formatTopology({
    ...topology,
    offlineCpus: topology.cpuset,
    allowedCpuset: topology.coreList.map((core) => core.split(",")[0]).join(","),
  }).split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(96);
});

test("memory that belongs to no node is told, so that the sums are understood", () => {
  const topology = topologyOf({});
  const onNodes = topology.numaNodes.reduce((total, { memoryBytes }) => total + (memoryBytes ?? 0), 0);
  expect(formatTopology(topology)).not.toContain("off nodes");
  const more = { ...topology, memoryBytes: onNodes + 4.5 * 2 ** 30 };
  expect(formatTopology(more)).toContain("off nodes    4.5 GiB of the memory; the kernel counts it to no node");
});
