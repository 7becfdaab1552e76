import { expect, test } from "vitest";
import { topologyDigest } from "../../sdk/topology/digest.ts";
import { readTopology } from "../../sdk/topology/readTopology.ts";
import { filesOf, treeOf } from "../machines/files.ts";
import { plainSpec } from "../machines/spec.ts";

const topology = readTopology(treeOf(filesOf(plainSpec)));
const digest = topologyDigest(topology);

test("a digest is 16 hexadecimal digits", () => {
  expect(digest).toMatch(/^[\da-f]{16}$/);
});

test("what drifts or belongs to the process leaves the digest alone", () => {
  const numaNodes = topology.numaNodes.map((node) => ({ ...node, memoryBytes: 1, availableBytes: 2 }));
  const limits = { cgroupVersion: 2, cpuQuotaCpus: 1.5, memoryBytes: 1 } as const;
  const drifted = { ...topology, numaNodes, limits, memoryBytes: 3, root: "/other", operatingSystem: "Other" };
  expect(topologyDigest({ ...drifted, allowedCpuset: "0", allowedNodeset: "" })).toBe(digest);
});

test("what is built in or switched off changes the digest", () => {
  const others = [{ coresPerCache: 3 }, { threadsPerCore: 1 }, { numbering: "adjacent" }, { offline: [7] }] as const;
  const digests = others.map((change) => topologyDigest(readTopology(treeOf(filesOf({ ...plainSpec, ...change })))));
  expect(new Set([digest, ...digests]).size).toBe(others.length + 1);
});
