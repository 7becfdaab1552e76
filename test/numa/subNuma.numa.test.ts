import { expect, test } from "vitest";
import { describeGuest } from "./describeGuest.ts";

describeGuest(
  {
    name: "two packages of two nodes each",
    scenario: "subNuma",
    processors: "8,sockets=2,dies=2,cores=2,threads=1",
    nodes: ["0-1", "2-3", "4-5", "6-7"].map((cpus) => ({ cpus, mebibytes: 512 })),
    distances: [
      [10, 12, 20, 20],
      [12, 10, 20, 20],
      [20, 20, 10, 12],
      [20, 20, 12, 10],
    ],
  },
  ({ fact, proof, expectBound, expectTold }) => {
    test.for([0, 1, 2, 3])("one instance a node: number %i has every thread and page on its node", (index) => {
      expect(proof(`per node ${index}`).plan).toMatchObject({ memoryNodes: String(index) });
      expectBound(`per node ${index}`);
    });

    test("so numalab launch says of its instances, which run at the same time", () => {
      const bindings = [0, 1, 2, 3].map((node) => ({
        state: "bound",
        plannedMemoryNodes: String(node),
        localPagesRatio: 1,
      }));
      expect(fact("launched")).toMatchObject({ instances: bindings.map((binding) => ({ exitCode: 0, binding })) });
    });

    test.for([0, 1])("one instance a package: number %i has its memory on both nodes of the package", (index) => {
      expect(proof(`per package ${index}`).plan).toMatchObject({
        memoryPolicy: "interleave",
        memoryNodes: ["0-1", "2-3"][index],
      });
      expectBound(`per package ${index}`);
    });

    test.for(["with memory of another node", "on the CPUs of another node"])(
      "the proof tells of a process %s of its package",
      (wrong) => {
        expectTold(`wrong ${wrong}`);
      },
    );

    test("the engine computes tokens with every thread and page on its node", () => {
      expect(fact("engine")).toMatchObject({ facts: { driver: "llama", warnings: [] }, decoded: { tokensCount: 4 } });
      expectBound("engine");
    });

    test("the proof tells of an engine with the weights on another node", () => {
      expectTold("wrong engine");
    });
  },
);
