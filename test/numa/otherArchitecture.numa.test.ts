import { expect, test } from "vitest";
import { describeGuest, wrongNames } from "./describeGuest.ts";

describeGuest(
  {
    name: "two nodes of arm64, and one of memory",
    scenario: "otherArchitecture",
    architecture: "arm64",
    processors: "4,sockets=2,clusters=1,cores=2,threads=1",
    nodes: [{ cpus: "0-1", mebibytes: 640 }, { cpus: "2-3", mebibytes: 640 }, { mebibytes: 256 }],
    distances: [
      [10, 20, 15],
      [20, 10, 25],
      [15, 25, 10],
    ],
  },
  ({ fact, proof, expectBound, expectTold }) => {
    test("it is arm64, and numactl is the way to bind", () => {
      expect(fact("probe")).toMatchObject({ architecture: "aarch64", memoryOnlyNodes: [2] });
      expect(fact("bindingProbe")).toMatchObject({ way: "numactl" });
    });

    test.for([0, 1])("the instance of node %i has every thread and page there", (node) => {
      expect(proof(`per node ${node}`).plan.memoryNodes).toBe(String(node));
      expectBound(`per node ${node}`);
    });

    test("system calls bind a program too", () => {
      expect(proof("way syscalls").plan).toMatchObject({ bindingWay: "syscalls", memoryNodes: "1" });
      expectBound("way syscalls");
    });

    test("the engine computes tokens with every thread and page on its node", () => {
      expect(fact("engine")).toMatchObject({ facts: { driver: "llama", warnings: [] }, decoded: { tokensCount: 4 } });
      expectBound("engine");
    });

    test.for(wrongNames)("the proof tells of a process %s", (wrong) => {
      expectTold(`wrong ${wrong}`);
    });
  },
);
