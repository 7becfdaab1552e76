import type { Topology } from "../topology/index.ts";
import { counted } from "../units/index.ts";
import { LaunchError } from "./errors.ts";
import { type Group, groupsOf } from "./groups.ts";
import type { InstancesSpec } from "./instances.ts";
import { byNode, type Core } from "./pool.ts";

/** The CPUs of one instance. */
type Share = readonly number[];

/**
 * Shares cores out among instances: in each group so many, and inside a group no instance over two nodes unless that was
 * asked for, or fewer instances a package were asked for than the package has nodes.
 * @throws {LaunchError} `instances-out-of-range`, `cpus-out-of-range`
 */
export function sharesOf(cores: readonly Core[], spec: InstancesSpec, topology: Topology): Share[] {
  assertWhole(spec.count, "instances-out-of-range", "instances");
  if (typeof spec.cpusEach === "number") assertWhole(spec.cpusEach, "cpus-out-of-range", "CPUs an instance");
  const groups = groupsOf(cores, spec.per ?? "machine", topology);
  return groups.flatMap((group) => {
    const rooms = roomsOf(group, spec);
    return typeof spec.cpusEach === "number"
      ? fixedSharesOf(rooms, spec.cpusEach, { group, spec })
      : dividedSharesOf(rooms, { group, spec });
  });
}

interface Asked {
  readonly group: Group;
  readonly spec: InstancesSpec;
}

/** What an instance must stay within: one node each, or all of the group. */
function roomsOf({ cores }: Group, { acrossNodes = false, per, count = 1, cpusEach }: InstancesSpec): Core[][] {
  const nodes = byNode(cores);
  const isPackageWide = per === "package" && count < nodes.length && typeof cpusEach !== "number";
  return acrossNodes || isPackageWide ? [nodes.flat()] : nodes;
}

function fixedSharesOf(rooms: readonly Core[][], size: number, { group, spec }: Asked): Share[] {
  const slots = rooms.map((room) => slotsOf(room, size));
  const slotsCount = slots.flat().length;
  const count = spec.count ?? slotsCount;
  if (count < 1 || count > slotsCount) throw tooManyErrorOf(count, slotsCount, { group, spec });
  return spec.strategy === "close" ? slots.flat().slice(0, count) : scattered(slots, count);
}

/** As many instances of so many CPUs as the cores hold. What one instance leaves of its last core stays idle. */
function slotsOf(cores: readonly Core[], size: number): Share[] {
  const slots: Share[] = [];
  let slot: number[] = [];
  for (const { cpus } of cores) {
    slot.push(...cpus);
    if (slot.length < size) continue;
    slots.push(slot.slice(0, size));
    slot = [];
  }
  return slots;
}

/** So many of the slots: as equally many from each room as there are, and those of one room far apart. */
function scattered(slots: readonly Share[][], count: number): Share[] {
  const taken = slots.map(() => 0);
  for (let left = count; left > 0; left -= 1) {
    const open = slots.flatMap((room, index) => ((taken[index] ?? 0) < room.length ? [index] : []));
    const next = open.reduce((best, index) => ((taken[index] ?? 0) < (taken[best] ?? 0) ? index : best), open[0] ?? 0);
    taken[next] = (taken[next] ?? 0) + 1;
  }
  return slots.flatMap((room, index) => evenlyOf(room, taken[index] ?? 0));
}

/** So many of the items, at equal distances, the first one among them. */
export function evenlyOf<Item>(items: readonly Item[], count: number): Item[] {
  const indexes = Array.from({ length: count }, (_, index) => Math.floor((index * items.length) / count));
  return items.filter((_, index) => indexes.includes(index));
}

function dividedSharesOf(rooms: readonly Core[][], { group, spec }: Asked): Share[] {
  const count = spec.count ?? 1;
  if (count < 1 || count > group.cores.length) throw tooManyErrorOf(count, group.cores.length, { group, spec });
  const counts = countsOf(rooms, count);
  return rooms.flatMap((room, index) => divided(room, counts[index] ?? 0, spec.cpusEach === "equal"));
}

/** How many instances each room gets: one after the other goes where it will have the most cores. */
function countsOf(rooms: readonly Core[][], count: number): number[] {
  const counts = rooms.map(() => 0);
  const coresEachIn = (index: number): number => (rooms[index]?.length ?? 0) / ((counts[index] ?? 0) + 1);
  for (let left = count; left > 0; left -= 1) {
    const next = rooms.reduce((best, _, index) => (coresEachIn(index) > coresEachIn(best) ? index : best), 0);
    counts[next] = (counts[next] ?? 0) + 1;
  }
  return counts;
}

function divided(cores: readonly Core[], count: number, isEqual: boolean): Share[] {
  const size = Math.floor(cores.length / count);
  const larger = isEqual ? 0 : cores.length % count;
  return Array.from({ length: count }, (_, index) => {
    const start = index * size + Math.min(index, larger);
    return cores.slice(start, start + size + (index < larger ? 1 : 0)).flatMap(({ cpus }) => cpus);
  });
}

function assertWhole(value = 1, code: "instances-out-of-range" | "cpus-out-of-range", what: string): void {
  if (Number.isInteger(value) && value >= 1) return;
  const message = `${value} ${what} were asked for, and at least 1 is needed. Pass a whole number from 1 up.`;
  throw new LaunchError(code, message, { facts: { value } });
}

function tooManyErrorOf(count: number, most: number, { group, spec }: Asked): LaunchError {
  const coresCount = group.cores.length;
  const isFixed = typeof spec.cpusEach === "number";
  const asked = isFixed
    ? `${counted(count, "instance")} of ${counted(spec.cpusEach, "CPU")}`
    : counted(count, "instance");
  const inside = spec.acrossNodes === true ? "" : ", none across nodes";
  const fewer = isFixed ? "fewer CPUs each (cpusEach)" : "more CPUs";
  const advice = most === 0 ? `Ask for ${fewer}` : `Ask for 1 to ${most}${isFixed ? `, or for ${fewer}` : ""}`;
  const message = `${asked} asked for in ${group.name}, where ${counted(coresCount, "usable core")} can hold ${most}${inside}. ${advice}.`;
  return new LaunchError("instances-out-of-range", message, { facts: { count, most, coresCount } });
}
