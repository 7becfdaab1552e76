import type { CpuSet } from "./tree.ts";

/** For each CPU the first CPU of every set around it, the widest set first. */
function keysOf(cpus: CpuSet, around: readonly CpuSet[]): Map<number, number[]> {
  const keys = new Map<number, number[]>(cpus.map((cpu) => [cpu, []]));
  const widestFirst = [...around].sort((a, b) => b.length - a.length);
  for (const set of widestFirst) for (const cpu of set) keys.get(cpu)?.push(set[0] ?? cpu);
  for (const [cpu, key] of keys) key.push(cpu);
  return keys;
}

/** Which of two keys is lower: the first position where they differ decides. */
export function compareKeys(one: readonly number[], other: readonly number[]): number {
  const position = one.findIndex((value, index) => value !== other[index]);
  return position === -1 ? 0 : (one[position] ?? 0) - (other[position] ?? 0);
}

/**
 * The sets in the order of the machine: what stands in one package, node or cache stands together, whatever the kernel's numbering.
 * Of two neighbours the one with the lower first CPU comes first, at every width.
 */
export function inMachineOrder(sets: readonly CpuSet[], around: readonly CpuSet[]): CpuSet[] {
  const firstOf = (set: CpuSet) => set[0] ?? 0;
  const keys = keysOf(sets.map(firstOf), around);
  const keyOf = (set: CpuSet) => keys.get(firstOf(set)) ?? [];
  return [...sets].sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
}
