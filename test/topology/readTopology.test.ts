import fc from "fast-check";
import { expect, test } from "vitest";
import { countCpus } from "../../sdk/topology/cpuList.ts";
import { formatTopology } from "../../sdk/topology/format.ts";
import { availableBytesOf } from "../../sdk/topology/nodes.ts";
import { placementOf, threadCountsOf } from "../../sdk/topology/placement.ts";
import { readTopology } from "../../sdk/topology/readTopology.ts";
import { anyMachine } from "../machines/arbitrary.ts";
import { comparableOf, expectedOf } from "../machines/expected.ts";
import { filesOf, maskOf, treeOf } from "../machines/files.ts";
import type { Files } from "../machines/files.ts";
import { modelName, plainSpec } from "../machines/spec.ts";

const topologyOf = (files: Files) => readTopology(treeOf(files));
const cpuFile = (cpu: number, name: string) => `sys/devices/system/cpu/cpu${cpu}/${name}`;

function without(files: Files, pattern: RegExp): Files {
  return new Map([...files].filter(([path]) => !pattern.test(path)));
}

test("any machine reads as what it was made to be", () => {
  fc.assert(
    fc.property(anyMachine, (spec) => {
      const topology = topologyOf(filesOf(spec));
      expect(comparableOf({ ...topology }, spec)).toEqual(expectedOf(spec));
    }),
    { numRuns: 150 },
  );
});

test("files that are missing or garbled leave a topology that everything can be asked of", () => {
  const damage = fc.record({
    machine: anyMachine,
    seed: fc.nat(),
    text: fc.oneof(fc.string(), fc.constantFrom("", "-1", "4-2", "0-70000")),
  });
  fc.assert(
    fc.property(damage, ({ machine, seed, text }) => {
      const isHit = (index: number, among: number) => (index * 7919 + seed) % among === 0;
      const damaged = [...filesOf(machine)].map(
        ([path, whole], index) => [path, isHit(index, 11) ? text : whole] as const,
      );
      const topology = topologyOf(new Map(damaged.filter((_, index) => !isHit(index, 13))));
      expect(formatTopology(topology)).toContain("PU");
      if (topology.allowedCpuset === "") return;
      for (const count of threadCountsOf(topology)) expect(countCpus(placementOf(topology, count).cpus)).toBe(count);
    }),
    { numRuns: 150 },
  );
});

test("the cores of one package, node and cache stand together, however CPUs are numbered", () => {
  const spec = { ...plainSpec, packagesCount: 2, coresPerCache: 2, numbering: "round-robin" } as const;
  expect(topologyOf(filesOf(spec)).coreList).toEqual(["0,4", "2,6", "1,5", "3,7"]);
});

test("a node gives what is free and what caches of files hold, never more than it has", () => {
  const availableOf = (meminfo: string) => availableBytesOf(`Node 0 MemTotal: 100 kB\n${meminfo}`);
  expect(availableOf("Node 0 MemFree: 10 kB\nNode 0 Active(file): 20 kB\nNode 0 Inactive(file): 5 kB\n")).toBe(
    35 * 1024,
  );
  expect(availableOf("Node 0 MemFree: 90 kB\nNode 0 SReclaimable: 20 kB\n")).toBe(100 * 1024);
  expect(availableOf("")).toBeNull();
});

test("without a node folder all CPUs and all memory are one node", () => {
  const topology = topologyOf(without(filesOf(plainSpec), /\/node\//));
  expect(topology.numaNodes).toEqual([{ osIndex: 0, cpus: "0-7", memoryBytes: 64 * 2 ** 30, availableBytes: 2 ** 20 }]);
  expect(topology.distances).toBeNull();
});

test("without sibling files the CPUs are there and the cores are unknown, not zero per something", () => {
  const topology = topologyOf(without(filesOf(plainSpec), /core_cpus/));
  expect(topology).toMatchObject({ pus: 8, cores: 0, coreList: [], smtWidth: null });
});

test("without any topology folder, as in some sandboxes, the online CPUs count", () => {
  expect(topologyOf(without(filesOf(plainSpec), /topology/))).toMatchObject({ pus: 8, packages: 0, cpuset: "0-7" });
});

test("where packages overlap, the first CPU of each is believed", () => {
  const files = filesOf({ ...plainSpec, packagesCount: 2, threadsPerCore: 1, nodesPerPackage: 1 });
  files.set(cpuFile(4, "topology/package_cpus"), maskOf([0, 1, 2, 3, 4], 7));
  files.set(cpuFile(4, "topology/die_cpus"), maskOf([0, 1, 2, 3, 4], 7));
  const topology = topologyOf(files);
  expect(topology.packageList.map(({ cpus }) => cpus)).toEqual(["0-3"]);
  expect(topology).toMatchObject({ cores: 8, pus: 8 });
});

test("a node that claims CPUs of an earlier one is left out, with its distances", () => {
  const files = filesOf({ ...plainSpec, packagesCount: 3, threadsPerCore: 1, coresPerCache: 1 });
  files.set("sys/devices/system/node/node1/cpulist", "0-1");
  const topology = topologyOf(files);
  expect(topology.numaNodes.map(({ osIndex }) => osIndex)).toEqual([0, 2]);
  expect(topology.distances).toEqual({
    nodes: [0, 2],
    matrix: [
      [10, 21],
      [21, 10],
    ],
  });
});

test("distances that are cut short are no distances", () => {
  const files = filesOf({ ...plainSpec, packagesCount: 2 });
  files.set("sys/devices/system/node/node1/distance", "21");
  expect(topologyOf(files).distances).toBeNull();
});

test("lists serve where a kernel has no masks", () => {
  const files = without(filesOf({ ...plainSpec, threadsPerCore: 2, coresPerCache: 1 }), /core_cpus|shared_cpu_map/);
  for (const cpu of [0, 1]) {
    files.set(cpuFile(cpu, "topology/core_cpus_list"), "0-1");
    files.set(cpuFile(cpu, "cache/index0/shared_cpu_list"), "0-1");
  }
  expect(topologyOf(files)).toMatchObject({ coreList: ["0-1"], caches: [{ level: 1, sharedBy: 2, count: 1 }] });
});

test("caches that only some CPUs tell are counted where they are told", () => {
  const files = without(filesOf({ ...plainSpec, threadsPerCore: 1 }), /cpu2\/cache\/index0/);
  expect(topologyOf(files).caches).toMatchObject([
    { level: 1, count: 3 },
    { level: 3, count: 1 },
  ]);
});

test("modules of AMD's families 15h and 16h are two cores, though the kernel calls them siblings", () => {
  const files = filesOf({ ...plainSpec, coresPerCache: 1, threadsPerCore: 2 });
  files.set(cpuFile(1, "topology/core_id"), "1");
  const amd = "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 21\n";
  expect(topologyOf(files).coreList).toEqual(["0-1"]);
  expect(topologyOf(new Map(files).set("proc/cpuinfo", amd)).coreList).toEqual(["0", "1"]);
});

test("what the kernel says of the process goes before what its control group says", () => {
  const container = {
    version: 2,
    namespace: "host",
    cpus: [0, 1],
    nodes: [0],
    quotaCpus: null,
    memoryBytes: null,
  } as const;
  const files = filesOf({ ...plainSpec, container });
  expect(topologyOf(files).allowedCpuset).toBe("0-1");
  files.set("proc/self/status", "Name:\tnode\nCpus_allowed_list:\t1,6-20\nMems_allowed_list:\t0\n");
  expect(topologyOf(files)).toMatchObject({ allowedCpuset: "1,6-7", allowedNodeset: "0" });
});

test("the model, the flags of all CPUs and the hypervisor bit come from /proc/cpuinfo", () => {
  const files = filesOf(plainSpec);
  expect(topologyOf(files)).toMatchObject({ cpuModel: modelName, isVirtualMachine: false, architecture: "x86_64" });
  files.set(
    "proc/cpuinfo",
    "processor\t: 0\nflags\t\t: fpu lm avx2 hypervisor\n\nprocessor\t: 1\nflags\t\t: fpu hypervisor lm\n",
  );
  expect(topologyOf(files)).toMatchObject({
    cpuModel: null,
    isVirtualMachine: true,
    isaFlags: ["fpu", "lm", "hypervisor"],
  });
  files.set("proc/cpuinfo", "processor\t: 0\nFeatures\t: fp asimd sve\nCPU architecture: 8\n");
  expect(topologyOf(files)).toMatchObject({ isaFlags: ["fp", "asimd", "sve"], architecture: "aarch64" });
  files.delete("proc/cpuinfo");
  expect(topologyOf(files)).toMatchObject({ isaFlags: [], architecture: null, cpuModel: null });
});
