import fc from "fast-check";
import { expect, test } from "vitest";
import { allowancesOf } from "../../sdk/topology/allowance.ts";
import { readTopology } from "../../sdk/topology/readTopology.ts";
import { anyMachine } from "../machines/arbitrary.ts";
import { filesOf, treeOf } from "../machines/files.ts";
import { plainSpec, type MachineSpec } from "../machines/spec.ts";

const allowancesIn = (changes: Partial<MachineSpec>) =>
  allowancesOf(readTopology(treeOf(filesOf({ ...plainSpec, ...changes }))));

const container = { version: 2, namespace: "host", nodes: [1] } as const;

test("a container's share stands beside what the machine has, with what follows", () => {
  const limits = { ...container, cpus: [4, 5], quotaCpus: 1.5, memoryBytes: 2 ** 30 };
  expect(allowancesIn({ nodesPerPackage: 2, container: limits })).toEqual([
    {
      resource: "CPUs",
      present: "16 (0-15)",
      allowed: "2 (4-5)",
      meaning: "a program that counts CPUs instead of asking what it may use starts 14 threads too many",
    },
    {
      resource: "NUMA nodes",
      present: "2 (0-1)",
      allowed: "1 (1)",
      meaning: "no memory comes from node 0, however much is free there; a program bound there is refused",
    },
    {
      resource: "memory",
      present: "128 GiB",
      allowed: "1 GiB",
      meaning: "beyond it the kernel kills processes of this control group, however much is free",
    },
    {
      resource: "CPU time",
      present: "16 s each second",
      allowed: "1.5 s each second",
      meaning:
        "a budget of time and not of CPUs: once all threads together have used it up, all stop until the next period",
    },
  ]);
});

test("without a limit on memory, that of the allowed nodes is allowed", () => {
  const limits = { ...container, cpus: [4, 5], quotaCpus: null, memoryBytes: null };
  const [, , memory, time] = allowancesIn({ nodesPerPackage: 2, container: limits });
  expect(memory).toMatchObject({ present: "128 GiB", allowed: "64 GiB" });
  expect(time).toMatchObject({ present: "16 s each second", allowed: "2 s each second" });
});

test("a quota above what the allowed CPUs can use is said to stop nobody", () => {
  const limits = { ...container, cpus: [4, 5], quotaCpus: 4, memoryBytes: null };
  const time = allowancesIn({ nodesPerPackage: 2, container: limits }).at(-1);
  expect(time).toMatchObject({ allowed: "2 s each second", meaning: expect.stringMatching(/stops nobody$/) as string });
});

test("where no control group can be read, memory and CPU time are not known", () => {
  const topology = readTopology(treeOf(filesOf(plainSpec)));
  const unread = { ...topology, limits: { ...topology.limits, cgroupVersion: null } };
  expect(allowancesOf(unread).map(({ allowed }) => allowed)).toEqual(["8 (0-7)", "1 (0)", null, null]);
});

test("every machine has its four allowances, each with a meaning", () => {
  fc.assert(
    fc.property(anyMachine, (spec) => {
      const allowances = allowancesOf(readTopology(treeOf(filesOf(spec))));
      expect(allowances.map(({ resource }) => resource)).toEqual(["CPUs", "NUMA nodes", "memory", "CPU time"]);
      expect(JSON.stringify(allowances)).not.toMatch(/NaN|undefined/);
    }),
    { numRuns: 20 },
  );
});
