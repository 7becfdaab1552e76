import { expect, test } from "vitest";
import { describeGuest } from "./describeGuest.ts";

describeGuest(
  {
    name: "CPUs that are offline or isolated",
    scenario: "idleCpus",
    processors: "8,sockets=2,cores=2,threads=2",
    nodes: ["0-3", "4-7"].map((cpus) => ({ cpus, mebibytes: 640 })),
    kernelWords: "isolcpus=6-7",
  },
  ({ fact, proof, expectBound, expectTold }) => {
    test("they are known", () => {
      expect(fact("probe")).toMatchObject({
        offlineCpus: "3,5",
        isolatedCpus: "6-7",
        allowedCpuset: "0-2,4",
      });
    });

    test.for([
      [0, "0,2"],
      [1, "4"],
    ] as const)("the instance of node %i has the other cores", ([node, cpus]) => {
      expect(proof(`per node ${node}`).plan).toMatchObject({ cpus, memoryNodes: String(node) });
      expectBound(`per node ${node}`);
    });

    test("a plan for an offline CPU is refused", () => {
      expect(fact("offline")).toMatchObject({ code: "cpu-offline" });
    });

    test("a plan for isolated CPUs is refused", () => {
      expect(fact("isolated")).toMatchObject({ code: "cpu-isolated" });
    });

    test("isolated CPUs can be had on purpose, with every thread and page", () => {
      expect(proof("isolated on purpose 0").plan).toMatchObject({ cpus: "6-7", memoryNodes: "1" });
      expectBound("isolated on purpose 0");
    });

    test.for(["on the CPUs of another node", "with one CPU too many", "with one thread moved away after the start"])(
      "the proof tells of a process %s",
      (wrong) => {
        expectTold(`wrong ${wrong}`);
      },
    );
  },
);
