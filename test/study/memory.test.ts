import { expect, test } from "vitest";
import type { Placement } from "../../sdk/experiment/index.ts";
import { assertFits, shortageOf } from "../../sdk/study/memory.ts";
import type { Topology } from "../../sdk/topology/index.ts";

const gib = 2 ** 30;
const node = (osIndex: number) => ({ osIndex, cpus: "", memoryBytes: 32 * gib, availableBytes: 10 * gib });
const limits = { cgroupVersion: null, cpuQuotaCpus: null, memoryBytes: null };
const topology = { numaNodes: [node(0), node(1)], allowedNodeset: "0-1", limits } as unknown as Topology;
const on = (memoryNodes: string | null): Placement =>
  ({ instance: { memoryNodes }, threads: [] }) as unknown as Placement;
const model = { name: "example", fileBytes: 6 * gib, kvBytesPerToken: 2 ** 19 };
const availableBytes = 20 * gib;

test("an engine is counted for each model and placement, with its cache, on the node it is bound to", () => {
  expect(shortageOf([model], { placements: [on("0")], topology, availableBytes })).toBeNull();
  const shortage = shortageOf([model, model], { placements: [on("0")], topology, availableBytes });
  expect(shortage?.place).toBe("node 0");
  expect(shortage!.neededBytes / gib).toBeCloseTo(2 * (6.6 + 0.5 + 0.25), 6);
  expect(shortageOf([model], { placements: [on("0"), on("0")], topology, availableBytes })?.place).toBe("node 0");
});

test("interleaved memory is shared by its nodes, unbound memory by all that are allowed", () => {
  for (const nodes of ["0-1", null]) {
    expect(shortageOf([model, model], { placements: [on(nodes)], topology, availableBytes })).toBeNull();
  }
});

test("a node that does not tell gives its part of the machine's, and a container's limit cannot be passed", () => {
  const untold = { ...topology, numaNodes: [node(0), node(1)].map((one) => ({ ...one, availableBytes: null })) };
  const plan = { placements: [on("0")], availableBytes };
  expect(shortageOf([model], { ...plan, topology: untold })).toBeNull();
  const contained = { ...topology, limits: { ...limits, memoryBytes: 4 * gib } };
  expect(shortageOf([model], { ...plan, topology: contained })?.place).toContain("container");
});

test("what does not fit is refused with what would", () => {
  expect(() => {
    assertFits([model, model], { placements: [on("0")], topology, availableBytes });
  }).toThrowErrorMatchingInlineSnapshot(
    `[StudyError: example and example: 2 engines (models × placements: 2 × 1) need 14.7 GiB on node 0, where 10 GiB can be had. Files of 7.73 GiB together fit: name one model, a smaller one, fewer --threads, or use --synthetic --depth N.]`,
  );
});
