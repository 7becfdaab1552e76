import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { probeTopology } from "../../sdk/topology/probe.ts";
import { anyMachine } from "../machines/arbitrary.ts";
import { describeRecorded } from "../machines/describeRecorded.ts";
import { comparableOf, expectedOf } from "../machines/expected.ts";
import { filesOf, writeFiles } from "../machines/files.ts";
import { agreedFieldsOf } from "../machines/recorded.ts";
import type { Expected } from "../machines/recorded.ts";
import { plainSpec } from "../machines/spec.ts";
import type { MachineSpec } from "../machines/spec.ts";
import { timingOf } from "../machines/timing.ts";

const slowestRatio = 2;
/** From this size on a slow probe would be felt. */
const bigMachinePus = 144;

/** Where we differ from hwloc 2.9 on purpose. */
const differences: readonly { readonly machine: string; readonly field: string; readonly reason: string }[] = [
  {
    machine: "64intel64-fakeKNL-A2A-cache",
    field: "caches",
    reason:
      "hwloc adds an L3 that a tool of its own wrote to /var/run; no kernel tells it, and hwloc 3 does not add it either",
  },
  {
    machine: "fakeheterocpunuma",
    field: "coreList",
    reason: "only the order: hwloc also puts cores together that are nearest to the same memory-only node",
  },
];

/** Does something with a folder that is removed afterwards. */
async function within<Value>(root: string, work: (root: string) => Promise<Value> | Value): Promise<Value> {
  try {
    return await work(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

function written(spec: MachineSpec): string {
  const root = mkdtempSync(join(tmpdir(), "numalab-machine-"));
  writeFiles(filesOf(spec), root);
  return root;
}

async function expectAsMade(spec: MachineSpec): Promise<void> {
  const topology = await within(written(spec), (root) => probeTopology({ root }));
  expect(comparableOf({ ...topology }, spec)).toEqual(expectedOf(spec));
}

function expectQuick(root: string): void {
  const { filesCount, probeSeconds, plainSeconds } = timingOf(root);
  const shown = `probe ${(probeSeconds * 1000).toFixed(1)} ms, its ${filesCount} files ${(plainSeconds * 1000).toFixed(1)} ms`;
  expect(probeSeconds / plainSeconds, shown).toBeLessThanOrEqual(slowestRatio);
}

describe("machines made from a specification", () => {
  const specs: Record<string, Partial<MachineSpec>> = {
    "a desktop": {},
    "two sockets numbered in turn, two nodes each": { packagesCount: 2, nodesPerPackage: 2, numbering: "round-robin" },
    "four sockets with sparse node numbers on an old kernel": { packagesCount: 4, nodeStride: 8, era: "old" },
    "a server with memory-only nodes": {
      packagesCount: 2,
      cachesPerNode: 3,
      threadsPerCore: 1,
      memoryOnlyNodesCount: 2,
    },
    "SMT 4 without CPU 0 and with broken siblings": { threadsPerCore: 4, numbering: "scattered", offline: [0, 3, 9] },
    "a container on two sockets": {
      packagesCount: 2,
      container: { version: 1, namespace: "host", cpus: [4, 5], nodes: [1], quotaCpus: 1.5, memoryBytes: 2 ** 29 },
    },
  };

  test.each(Object.entries(specs))("%s reads as it was made", async (_, spec) => {
    await expectAsMade({ ...plainSpec, ...spec });
  });

  test("any machine reads as it was made", async () => {
    await fc.assert(fc.asyncProperty(anyMachine, expectAsMade), { numRuns: 15 });
  });

  test("256 CPUs are probed in at most twice the time of plainly reading the same files", async () => {
    const root = written({ ...plainSpec, packagesCount: 4, nodesPerPackage: 2, coresPerCache: 16 });
    await within(root, expectQuick);
  });
});

describeRecorded(({ folder, names, rootOf, expectedOf: hwlocOf }) => {
  test("the folder that was named holds machines", () => {
    expect(names.length, `machines in ${folder}`).toBeGreaterThan(0);
  });

  test.each(names)("%s is what hwloc says it is", async (name) => {
    const topology = await probeTopology({ root: rootOf(name) });
    const [found, needed] = [agreedFieldsOf(topology), agreedFieldsOf(hwlocOf(name))];
    for (const { field } of differences.filter(({ machine }) => machine === name)) {
      expect(found[field], `${field} is listed as different`).not.toEqual(needed[field]);
      found[field] = needed[field];
    }
    expect(found).toEqual(needed);
  });

  // Kernels that tell no caches leave so little to read that the bar says nothing.
  const isBig = ({ pus, caches }: Expected) => pus >= bigMachinePus && caches.length > 0;
  const bigNames = names.filter((name) => isBig(hwlocOf(name)));
  test.each(bigNames)("%s is probed in at most twice the time of plainly reading the same files", (name) => {
    expectQuick(rootOf(name));
  });
});
