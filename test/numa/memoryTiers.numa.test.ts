import { expect, test } from "vitest";
import { describeGuest } from "./describeGuest.ts";

const dram = { nanoseconds: 80, gigabytesPerSecond: 100 };
const fast = { nanoseconds: 120, gigabytesPerSecond: 400 };

describeGuest(
  {
    name: "nodes of fast memory without CPUs",
    scenario: "memoryTiers",
    processors: "4,sockets=2,cores=2,threads=1",
    nodes: [
      { cpus: "0-1", mebibytes: 640, stated: { ...dram, fromNode: 0 } },
      { cpus: "2-3", mebibytes: 640, stated: { ...dram, fromNode: 1 } },
      { mebibytes: 320, stated: { ...fast, fromNode: 0 } },
      { mebibytes: 320, stated: { ...fast, fromNode: 1 } },
    ],
    distances: [
      [10, 21, 13, 23],
      [21, 10, 23, 13],
      [13, 23, 10, 25],
      [23, 13, 25, 10],
    ],
  },
  ({ fact, proof, expectBound, expectTold }) => {
    test("the bandwidth that firmware states is read", () => {
      const [slow, quick] = [100 * 2 ** 30, 400 * 2 ** 30];
      expect(fact("bandwidths")).toEqual({ 0: slow, 1: slow, 2: quick, 3: quick });
    });

    test.for([0, 1])("instance %i has the memory of its CPUs when nothing is said", (index) => {
      expect(proof(`near ${index}`).plan.memoryNodes).toBe(String(index));
      expectBound(`near ${index}`);
    });

    test.for([0, 1])("instance %i has the fast memory nearest to it when bandwidth comes first", (index) => {
      expect(proof(`fast ${index}`).plan.memoryNodes).toBe(String(index + 2));
      expectBound(`fast ${index}`);
    });

    test.for([0, 1])("instance %i has the memory that was named", (index) => {
      expect(proof(`named ${index}`).plan.memoryNodes).toBe("3");
      expectBound(`named ${index}`);
    });

    test.for([
      "with memory of another node",
      "with memory of all nodes in turn",
      "with memory first touched elsewhere",
      "with its pages moved away after the start",
    ])("the proof tells of a process %s", (wrong) => {
      expectTold(`wrong ${wrong}`);
    });
  },
);
