import { join } from "node:path";
import type { BindingReport, InstancePlan } from "numalab/launch";
import { subtractCpus, type Topology } from "numalab/topology";
import { beforeAll, describe, expect, test } from "vitest";
import { numbersIn } from "../launch/oracle.ts";
import { expectedOfHwloc, type RawNode } from "../machines/hwloc.ts";
import { recordMachine } from "../machines/record.ts";
import { agreedFieldsOf, type Expected } from "../machines/recorded.ts";
import { type Facts, isRecording, runGuest } from "./guest.ts";
import type { MachineSpec } from "./machine.ts";

/** A process in a guest: its plan, what the package proves, and what was read of it apart from the package. */
export interface Proof {
  readonly plan: InstancePlan;
  readonly report: BindingReport;
  readonly apart: { readonly largestByNode: Readonly<Record<string, number>>; readonly threadCpus: readonly string[] };
}

/** The ways in which a process lies otherwise than planned, as the guests know them. */
export const wrongNames = [
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
] as const;

/** What a guest said, once the tests run. */
export interface Guest {
  readonly names: () => string[];
  readonly fact: (name: string) => unknown;
  readonly proof: (name: string) => Proof;
  /** The process is bound as planned: by the package's proof and by what was read apart from it. */
  readonly expectBound: (name: string) => void;
  /** The package's proof tells that the process is not bound as planned. */
  readonly expectTold: (name: string) => void;
}

/** Tests over what one guest says. Its probe is compared with hwloc's on each. */
export function describeGuest(spec: MachineSpec, tests: (guest: Guest) => void): void {
  describe(spec.name, () => {
    let facts: Facts = new Map();
    beforeAll(async () => {
      facts = await runGuest(spec);
      if (isRecording) await record(spec, facts);
    });
    const names = () => [...facts.keys()];
    const fact = (name: string) => {
      expect(names(), "what the guest said").toContain(name);
      return facts.get(name);
    };
    const proof = (name: string) => fact(name) as Proof;

    test("numalab probe --json says what hwloc says", () => {
      expect(agreedFieldsOf(fact("probe") as Topology)).toEqual(agreedFieldsOf(expectedOf(facts)));
    });
    tests({
      ...{ names, fact, proof },
      expectBound: (name) => {
        expectBound(proof(name));
      },
      expectTold: (name) => {
        expect(proof(name).report.state).toMatch(/^(partly|not)$/);
      },
    });
  });
}

/** What hwloc says; but isolated CPUs are in no process's allowed set, which it does not know. */
function expectedOf(facts: Facts): Expected {
  const expected = expectedOfHwloc(facts.get("hwloc") as string, facts.get("rawNodes") as RawNode[]);
  const { isolatedCpus } = facts.get("probe") as Topology;
  return { ...expected, allowedCpuset: subtractCpus(expected.allowedCpuset, isolatedCpus) };
}

function record({ scenario }: MachineSpec, facts: Facts): Promise<void> {
  const files = new Map(Object.entries(facts.get("files") as Record<string, string>));
  return recordMachine(join(import.meta.dirname, "../machines", scenario), files, expectedOf(facts));
}

function expectBound({ plan, report, apart }: Proof): void {
  expect(report).toMatchObject({ state: "bound", strayThreads: [], plannedCpus: plan.cpus });
  expect(report.threadsCount).toBeGreaterThan(1);
  expect(apart.threadCpus).toEqual([plan.cpus]);
  if (plan.memoryNodes === null) return;
  expect(report.localPagesRatio).toBe(1);
  expect(Object.keys(apart.largestByNode)).toEqual(numbersIn(plan.memoryNodes).map(String));
}
