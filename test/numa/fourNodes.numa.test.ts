import { expect, test } from "vitest";
import { describeGuest, wrongNames } from "./describeGuest.ts";

describeGuest(
  {
    name: "four nodes with SMT",
    scenario: "fourNodes",
    processors: "16,sockets=4,cores=2,threads=2",
    nodes: ["0-3", "4-7", "8-11", "12-15"].map((cpus) => ({ cpus, mebibytes: 512 })),
    distances: [
      [10, 12, 20, 22],
      [12, 10, 22, 24],
      [20, 22, 10, 12],
      [22, 24, 12, 10],
    ],
  },
  ({ names, fact, proof, expectBound, expectTold }) => {
    test("numactl is the way to bind", () => {
      expect(fact("bindingProbe")).toMatchObject({ way: "numactl", memoryBy: "numactl", advice: null });
    });

    test.for([0, 1, 2, 3])("a program planned for node %i has every thread and page there", (node) => {
      expect(proof(`node ${node}`).plan).toMatchObject({
        cpus: `${4 * node},${4 * node + 2}`,
        memoryNodes: String(node),
      });
      expectBound(`node ${node}`);
    });

    test.for(["syscalls", "taskset"])("a program bound by %s has every thread and page on its node", (way) => {
      const { plan, apart } = proof(`way ${way}`);
      expect(plan).toMatchObject({ bindingWay: way, cpus: "8,10", memoryNodes: way === "syscalls" ? "2" : null });
      expect(Object.keys(apart.largestByNode)).toEqual(["2"]);
      expectBound(`way ${way}`);
    });

    test("a launcher that is bound to a node plans inside it", () => {
      expect(fact("nested")).toMatchObject({ allowedCpuset: "4-7", plan: { cpus: "4,6", memoryNodes: "1" } });
      expectBound("nested");
    });

    test("the engine computes tokens with every thread and page on its node", () => {
      expect(fact("engine")).toMatchObject({ facts: { driver: "llama", warnings: [] }, decoded: { tokensCount: 4 } });
      expectBound("engine");
    });

    test("there is no other wrong binding than those tried here", () => {
      expect(names().filter((name) => name.startsWith("wrong "))).toEqual(wrongNames.map((name) => `wrong ${name}`));
    });

    test.for(wrongNames)("the proof tells of a process %s", (wrong) => {
      expectTold(`wrong ${wrong}`);
    });
  },
);
