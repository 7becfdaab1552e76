import fc from "fast-check";
import { expect, test } from "vitest";
import { coresOf, nodeOfCpu, usableCpusOf } from "../../sdk/topology/cores.ts";
import { formatCpuList, parseCpuList } from "../../sdk/topology/cpuList.ts";
import { readTopology } from "../../sdk/topology/readTopology.ts";
import { anyMachine } from "../machines/arbitrary.ts";
import { filesOf, treeOf } from "../machines/files.ts";
import { plainSpec, pusOf } from "../machines/spec.ts";

test("the cores of some CPUs hold exactly those CPUs", () => {
  fc.assert(
    fc.property(anyMachine, (spec) => {
      const topology = readTopology(treeOf(filesOf(spec)));
      const cores = coresOf(topology, topology.allowedCpuset).map(parseCpuList);
      expect(formatCpuList(cores.flat())).toBe(topology.allowedCpuset);
      expect(cores.every((core) => core.length > 0)).toBe(true);
    }),
  );
});

test("every CPU has the node it was given", () => {
  fc.assert(
    fc.property(anyMachine, (spec) => {
      const topology = readTopology(treeOf(filesOf(spec)));
      const pus = pusOf(spec).filter(({ cpu }) => !spec.offline.includes(cpu));
      for (const { cpu, nodeIndex } of pus) expect(nodeOfCpu(topology, cpu)).toBe(nodeIndex);
      expect(nodeOfCpu(topology, 9999)).toBeNull();
    }),
    { numRuns: 20 },
  );
});

test("a CPU of which the kernel tells no core counts as one", () => {
  const topology = { ...readTopology(treeOf(filesOf(plainSpec))), coreList: ["0,4"] };
  expect(coresOf(topology, "0,2,4-5")).toEqual(["0,4", "2", "5"]);
});

test("isolated CPUs are used only when nothing else is left", () => {
  const topology = readTopology(treeOf(filesOf({ ...plainSpec, isolated: [2, 3] })));
  expect(usableCpusOf(topology)).toBe("0-1,4-7");
  expect(usableCpusOf({ ...topology, allowedCpuset: "2-3" })).toBe("2-3");
});
