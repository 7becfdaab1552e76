import { expect, test } from "vitest";
import { describeGuest } from "./describeGuest.ts";

describeGuest(
  {
    name: "a node without memory",
    scenario: "noMemory",
    processors: "6,sockets=3,cores=2,threads=1",
    nodes: [
      { cpus: "0-1", mebibytes: 640 },
      { cpus: "2-3", mebibytes: 0 },
      { cpus: "4-5", mebibytes: 640 },
    ],
    distances: [
      [10, 21, 21],
      [21, 10, 12],
      [21, 12, 10],
    ],
  },
  ({ fact, proof, expectBound, expectTold }) => {
    test("it is known to have CPUs only", () => {
      expect(fact("probe")).toMatchObject({ cpuOnlyNodes: [1], memoryOnlyNodes: [] });
    });

    test("its instance has its CPUs and the nearest memory, with every thread and page", () => {
      expect(proof("per node 1").plan).toMatchObject({ cpus: "2-3", memoryNodes: "2" });
      expectBound("per node 1");
    });

    test("so has a program that is planned for it", () => {
      expect(proof("on the node 0").plan).toMatchObject({ cpus: "2-3", memoryNodes: "2" });
      expectBound("on the node 0");
    });

    test.for([0, 2])("the instance of node %i has every thread and page there", (node) => {
      expectBound(`per node ${node}`);
    });

    test.for(["with memory of another node", "bound to nothing"])("the proof tells of a process %s", (wrong) => {
      expectTold(`wrong ${wrong}`);
    });
  },
);
