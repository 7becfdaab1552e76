import { expect, test } from "vitest";
import { describeGuest } from "./describeGuest.ts";

const confinement = "(--cpuset-cpus=0-1 --cpuset-mems=0), which needs no permission inside.";
const advices = {
  refused: `In a container, add the capability: docker run --cap-add=SYS_NICE, in Kubernetes securityContext.capabilities.add: [SYS_NICE]. Or confine it to one node ${confinement}`,
  "refused to a user": `In a container, --cap-add=SYS_NICE takes effect for root only: start it with --user 0 --cap-add=SYS_NICE, or confine it to one node ${confinement}`,
  unknown: `This kernel or sandbox has no memory policies. In a container, confine it to one node ${confinement}`,
};

describeGuest(
  {
    name: "containers",
    scenario: "confined",
    processors: "8,sockets=4,cores=2,threads=1",
    nodes: ["0-1", "2-3", "4-5", "6-7"].map((cpus) => ({ cpus, mebibytes: 448 })),
  },
  ({ fact, proof, expectBound, expectTold }) => {
    test.for(Object.entries(advices))(
      "where memory policy is %s, the advice says what would permit it",
      ([name, advice]) => {
        expect(fact(name)).toMatchObject({ bindingProbe: { way: "taskset", memoryBy: null, advice } });
      },
    );

    test.for(Object.keys(advices))(
      "where memory policy is %s, every thread is bound, and the first touch is local",
      (name) => {
        expect(proof(name).plan).toMatchObject({ cpus: "4-5", memoryPolicy: "first-touch", memoryNodes: null });
        expectBound(name);
        expect(Object.keys(proof(name).apart.largestByNode)).toEqual(["2"]);
      },
    );

    test.for(["container", "group of the host"])(
      "%s: its cpuset is kept, and its quota rounds threads down",
      (name) => {
        expect(fact(name)).toMatchObject({
          allowedCpuset: "2-5",
          allowedNodeset: "1-2",
          limits: { cgroupVersion: 2, cpuQuotaCpus: 2.5 },
          plan: { threadsCount: 2 },
          warnings: [{ code: "quota-limits-threads" }],
        });
        expectBound(name);
      },
    );

    test("without numactl and taskset, system calls bind every thread and page", () => {
      expect(fact("without tools")).toMatchObject({
        bindingProbe: { way: "syscalls", memoryBy: "syscalls", advice: null },
        plan: { cpus: "4-5", memoryNodes: "2", prefix: [] },
      });
      expectBound("without tools");
    });

    test("where nothing else may bind, a cpuset of one node does", () => {
      expect(fact("one node, refused, without tools")).toMatchObject({
        bindingProbe: { way: "cpuset", memoryBy: "cpuset" },
        plan: { cpus: "2-3", memoryNodes: "1" },
      });
      expectBound("one node, refused, without tools");
    });

    test("a cpuset of one node binds memory where memory policy is refused", () => {
      expect(fact("one node, refused")).toMatchObject({
        bindingProbe: { way: "taskset", memoryBy: "cpuset", advice: null },
        plan: { cpus: "2-3", memoryNodes: "1", memoryPolicy: "bind" },
      });
      expectBound("one node, refused");
    });

    test("the proof tells of a process in a cpuset that changed and changed back", () => {
      expectTold("wrong in a cpuset that changed and changed back");
    });
  },
);
