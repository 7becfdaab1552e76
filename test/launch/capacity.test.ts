import { expect, test } from "vitest";
import { type InstancesSpec, type LaunchError, planLaunch } from "../../sdk/launch/index.ts";
import type { Topology } from "../../sdk/topology/index.ts";
import { fourNodes } from "./fourNodes.ts";

const mebibyte = 2 ** 20;

function refusalOf(instances: InstancesSpec, topology: Topology = fourNodes): LaunchError | null {
  try {
    planLaunch({ instances }, topology);
    return null;
  } catch (error) {
    return error as LaunchError;
  }
}

test("what its node can give bounds an instance, and what fits is told", () => {
  expect(refusalOf({ per: "node", bytesEach: 512 * mebibyte })).toBeNull();
  const refusal = refusalOf({ per: "node", count: 2, bytesEach: 300 * mebibyte });
  expect(refusal).toMatchObject({ code: "not-enough-memory", facts: { fittingCount: 1 } });
  expect(refusal?.message).toBe(
    "NUMA node 0 has 512 MiB available, and 2 instances of 300 MiB need 600 MiB of it. What fits: 1 of them, or up to 256 MiB each.",
  );
});

test("an instance on several nodes takes a part of each", () => {
  expect(refusalOf({ acrossNodes: true, bytesEach: 2048 * mebibyte })).toBeNull();
  expect(refusalOf({ acrossNodes: true, bytesEach: 2049 * mebibyte })?.code).toBe("not-enough-memory");
});

test("the container's limit bounds all instances together", () => {
  const topology = { ...fourNodes, limits: { ...fourNodes.limits, memoryBytes: 800 * mebibyte } };
  expect(refusalOf({ per: "node", bytesEach: 200 * mebibyte }, topology)).toBeNull();
  expect(refusalOf({ per: "node", bytesEach: 201 * mebibyte }, topology)?.message).toMatch(
    /^The container allows 800 MiB/,
  );
});

test("a node whose memory is not told is believed", () => {
  const numaNodes = fourNodes.numaNodes.map((node) => ({ ...node, availableBytes: null }));
  expect(refusalOf({ bytesEach: 2 ** 40 }, { ...fourNodes, numaNodes })).toBeNull();
});
