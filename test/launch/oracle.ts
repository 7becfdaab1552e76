import { expect } from "vitest";
import type { InstancePlan } from "../../sdk/launch/index.ts";

/** The facts of a machine that a plan is judged by. */
export interface Judged {
  readonly cpuset: string;
  readonly allowedCpuset: string;
  readonly allowedNodeset: string;
  readonly coreList: readonly string[];
  readonly numaNodes: readonly {
    readonly osIndex: number;
    readonly cpus: string;
    readonly memoryBytes: number | null;
  }[];
  readonly distances: { readonly nodes: readonly number[]; readonly matrix: readonly (readonly number[])[] } | null;
  readonly isolated: string;
  readonly quotaCpus: number | null;
  readonly performanceCpus: string;
}

/** The numbers of a list in the kernel's notation, read apart from the code under test. */
export function numbersIn(list: string | null): number[] {
  if (list === null || list === "") return [];
  return list.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, offset) => first + offset);
  });
}

/** The CPUs a launch may use by itself: allowed, online, and not isolated unless all are. */
export function usableOf(machine: Judged): number[] {
  const online = new Set(numbersIn(machine.cpuset));
  const allowed = numbersIn(machine.allowedCpuset).filter((cpu) => online.has(cpu));
  const isolated = new Set(numbersIn(machine.isolated));
  const shared = allowed.filter((cpu) => !isolated.has(cpu));
  return shared.length > 0 ? shared : allowed;
}

/** The nodes with usable CPUs. */
export function homesOf(machine: Judged): number[] {
  const usable = new Set(usableOf(machine));
  return machine.numaNodes
    .filter(({ cpus }) => numbersIn(cpus).some((cpu) => usable.has(cpu)))
    .map(({ osIndex }) => osIndex);
}

/** What is asked of a machine over and over. */
interface Index {
  readonly nodeByCpu: ReadonlyMap<number, number>;
  readonly memoryNodes: readonly number[];
}
const indexes = new WeakMap<Judged, Index>();

function indexOf(machine: Judged): Index {
  const known = indexes.get(machine);
  if (known !== undefined) return known;
  const pairs = machine.numaNodes.flatMap(({ osIndex, cpus }) =>
    numbersIn(cpus).map((cpu): [number, number] => [cpu, osIndex]),
  );
  const allowed = new Set(numbersIn(machine.allowedNodeset));
  const filled = machine.numaNodes.filter(({ memoryBytes }) => memoryBytes !== 0).map(({ osIndex }) => osIndex);
  const index = { nodeByCpu: new Map(pairs), memoryNodes: filled.filter((node) => allowed.has(node)) };
  indexes.set(machine, index);
  return index;
}

const nodeOf = (machine: Judged, cpu: number) => indexOf(machine).nodeByCpu.get(cpu) ?? null;

/** The nodes whose memory is nearest to a node, of those that this process may take memory from. */
function nearestNodesOf(machine: Judged, home: number | null): readonly number[] {
  const { memoryNodes } = indexOf(machine);
  if (home === null) return memoryNodes;
  if (memoryNodes.includes(home)) return [home];
  const { nodes, matrix } = machine.distances ?? { nodes: [], matrix: [] };
  const row = matrix[nodes.indexOf(home)];
  if (row === undefined) return memoryNodes;
  const distances = memoryNodes.map((node) => row[nodes.indexOf(node)] ?? Infinity);
  return memoryNodes.filter((_, index) => distances[index] === Math.min(...distances));
}

/** What every plan must keep: no CPU that may not be used, none twice, memory near, threads within the quota. */
export function expectLawful(instances: readonly InstancePlan[], machine: Judged): void {
  const cpus = instances.flatMap((instance) => numbersIn(instance.cpus));
  const usable = new Set(usableOf(machine));
  expect(
    cpus.filter((cpu) => !usable.has(cpu)),
    "CPUs that may not be used",
  ).toEqual([]);
  expect(cpus.length, "no CPU twice").toBe(new Set(cpus).size);
  for (const instance of instances) expectFit(instance, machine);
  const threadsCount = instances.reduce((sum, instance) => sum + instance.threadsCount, 0);
  expect(threadsCount).toBeLessThanOrEqual(Math.max(1, Math.floor(machine.quotaCpus ?? Infinity)));
}

function expectFit(instance: InstancePlan, machine: Judged): void {
  const cpus = numbersIn(instance.cpus);
  expect(cpus.length).toBeGreaterThan(0);
  expect(instance.threadsCount).toBeGreaterThan(0);
  expect(instance.threadsCount).toBeLessThanOrEqual(cpus.length);
  const memory = numbersIn(instance.memoryNodes);
  if (indexOf(machine).memoryNodes.length === 0) return;
  expect(memory.length, "memory of each instance").toBeGreaterThan(0);
  const near = [...new Set(cpus.map((cpu) => nodeOf(machine, cpu)))].map((home) => nearestNodesOf(machine, home));
  expect(
    memory.filter((node) => !near.flat().includes(node)),
    "memory that is not near",
  ).toEqual([]);
  expect(
    near.filter((nodes) => !nodes.some((node) => memory.includes(node))),
    "CPUs without near memory",
  ).toEqual([]);
}

/** No two CPUs of one core. */
export function expectPhysical(instances: readonly InstancePlan[], machine: Judged): void {
  const taken = new Set(instances.flatMap(({ cpus }) => numbersIn(cpus)));
  const doubled = machine.coreList.filter((core) => numbersIn(core).filter((cpu) => taken.has(cpu)).length > 1);
  expect(doubled, "cores taken twice").toEqual([]);
}

/** Every instance on one node. */
export function expectOnOneNode(instances: readonly InstancePlan[], machine: Judged): void {
  const wide = instances.filter(({ cpus }) => new Set(numbersIn(cpus).map((cpu) => nodeOf(machine, cpu))).size > 1);
  expect(wide, "instances across nodes").toEqual([]);
}

/** Every usable core of the nodes is in one of the instances; of a node with two kinds of cores, the fast ones. */
export function expectAllCores(instances: readonly InstancePlan[], machine: Judged, nodes: readonly number[]): void {
  const usable = new Set(usableOf(machine));
  const fast = new Set(numbersIn(machine.performanceCpus));
  const taken = new Set(instances.flatMap(({ cpus }) => numbersIn(cpus)));
  const known = new Set(machine.coreList.flatMap(numbersIn));
  const cores = [
    ...machine.coreList.map(numbersIn),
    ...[...usable].filter((cpu) => !known.has(cpu)).map((cpu) => [cpu]),
  ];
  for (const node of nodes) {
    const own = cores
      .map((core) => core.filter((cpu) => usable.has(cpu) && nodeOf(machine, cpu) === node))
      .filter((core) => core.length > 0);
    const fastOnes = own.filter((core) => core.some((cpu) => fast.has(cpu)));
    const needed = fastOnes.length > 0 ? fastOnes : own;
    expect(
      needed.filter((core) => !core.some((cpu) => taken.has(cpu))),
      `idle cores of node ${node}`,
    ).toEqual([]);
  }
}
