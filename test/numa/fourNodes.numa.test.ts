import { expect, test } from "vitest";
import { describeGuest } from "./describeGuest.ts";

const wrongs = [
  "on the CPUs of another node",
  "with memory of another node",
  "with memory of all nodes in turn",
  "bound to nothing",
  "with one CPU too many",
  "with one thread moved away after the start",
  "with the main thread moved away after the start",
  "with memory first touched elsewhere",
  "with a part of its memory first touched elsewhere",
  "with its pages moved away after the start",
];

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
  ({ names, fact, proof, expectBound }) => {
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

    test("there is no other wrong binding than those tried here", () => {
      expect(names().filter((name) => name.startsWith("wrong "))).toEqual(wrongs.map((name) => `wrong ${name}`));
    });

    test.for(wrongs)("the proof tells of a process %s", (wrong) => {
      expect(proof(`wrong ${wrong}`).report.state).toMatch(/^(partly|not)$/);
    });
  },
);
