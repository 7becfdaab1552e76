import fc from "fast-check";
import { nodeIndexesOf, plainSpec, pusOf } from "./spec.ts";
import type { ContainerSpec, MachineSpec } from "./spec.ts";

const shape = fc.record({
  packagesCount: fc.integer({ min: 1, max: 3 }),
  nodesPerPackage: fc.integer({ min: 1, max: 2 }),
  cachesPerNode: fc.integer({ min: 1, max: 2 }),
  coresPerCache: fc.integer({ min: 1, max: 3 }),
  threadsPerCore: fc.constantFrom(1, 2, 4),
  numbering: fc.constantFrom("adjacent", "split", "round-robin", "scattered"),
  nodeStride: fc.constantFrom(1, 3, 8),
  memoryOnlyNodesCount: fc.constantFrom(0, 0, 1, 2),
  era: fc.constantFrom("old", "new"),
} as const);

function containerFor(cpus: readonly number[], nodes: readonly number[]): fc.Arbitrary<ContainerSpec> {
  return fc.record({
    version: fc.constantFrom(1, 2),
    namespace: fc.constantFrom("host", "private"),
    cpus: fc.subarray([...cpus], { minLength: 1 }),
    nodes: fc.subarray([...nodes], { minLength: 1 }),
    quotaCpus: fc.option(fc.constantFrom(0.5, 1.5, 4)),
    memoryBytes: fc.option(fc.constantFrom(2 ** 29, 2 ** 33)),
  } as const);
}

/** A machine of up to 144 PUs, some of them offline or isolated, sometimes in a container. */
export const anyMachine: fc.Arbitrary<MachineSpec> = shape.chain((fields) => {
  const whole = { ...plainSpec, ...fields };
  const cpus = pusOf(whole).map(({ cpu }) => cpu);
  const taken = fc.record({
    offline: fc.subarray(cpus, { maxLength: Math.floor(cpus.length / 3) }),
    isolated: fc.subarray(cpus, { maxLength: Math.floor(cpus.length / 4) }),
  });
  return taken.chain(({ offline, isolated }) => {
    const online = cpus.filter((cpu) => !offline.includes(cpu));
    const container = fc.option(containerFor(online, nodeIndexesOf(whole)));
    return container.map((limits) => ({ ...whole, offline, isolated, container: limits }));
  });
});
