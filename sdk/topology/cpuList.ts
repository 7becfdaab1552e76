import { TopologyError } from "./errors.ts";
import type { CpuList } from "./topology.ts";

const rangePattern = /^(\d+)(?:-(\d+))?$/;
const maskPattern = /^[\da-f]{1,8}(?:,[\da-f]{1,8})*$/i;
const leadingZeroWords = /^(?:0+,)+/;
const wordBits = 32;
/** Far above what any kernel numbers, low enough that a slip of the finger does not fill the memory. */
const highestCpu = 1_048_575;

function rangeOf(text: string, part: string): readonly number[] {
  const [, first, last] = rangePattern.exec(part) ?? [];
  const start = Number(first);
  const end = Number(last ?? first);
  if (first === undefined || end < start || end > highestCpu) {
    const message = `"${part}" in the CPU list "${text}" is not a number or a rising range up to ${highestCpu}. Write it like 0-3,8.`;
    throw new TopologyError("bad-cpu-list", message, { facts: { text, part } });
  }
  return Array.from({ length: end - start + 1 }, (_, offset) => start + offset);
}

/** The numbers in ascending order, each once. */
function sortCpus(cpus: Iterable<number>): number[] {
  return [...new Set(cpus)].sort((a, b) => a - b);
}

/**
 * The CPUs of a list in the kernel's notation, ascending and each once; none for the empty list.
 * @throws {TopologyError} `bad-cpu-list`
 * @see https://man7.org/linux/man-pages/man7/cpuset.7.html (list format)
 */
export function parseCpuList(text: CpuList): number[] {
  const list = text.trim();
  if (list === "") return [];
  return sortCpus(list.split(",").flatMap((part) => rangeOf(text, part.trim())));
}

/**
 * The CPUs of a mask in the kernel's notation, ascending: hexadecimal words of 32 bits, the highest first, as `ff,00000001`.
 * @throws {TopologyError} `bad-cpu-list`
 * @see https://man7.org/linux/man-pages/man7/cpuset.7.html (mask format)
 */
export function parseCpuMask(text: string): number[] {
  const mask = text.trim();
  if (!maskPattern.test(mask)) {
    const message = `The CPU mask "${text}" is not hexadecimal words of 32 bits between commas. Write it like ff,00000001.`;
    throw new TopologyError("bad-cpu-list", message, { facts: { text } });
  }
  const cpus: number[] = [];
  for (const [index, word] of mask.replace(leadingZeroWords, "").split(",").reverse().entries()) {
    // Each turn takes the lowest bit that is left.
    for (let rest = Number.parseInt(word, 16); rest !== 0; rest &= rest - 1) {
      cpus.push(index * wordBits + wordBits - 1 - Math.clz32(rest & -rest));
    }
  }
  return cpus;
}

/** The CPUs in the kernel's list notation, such as `0-3,8`; empty when there are none. */
export function formatCpuList(cpus: Iterable<number>): CpuList {
  const ranges: [number, number][] = [];
  for (const cpu of sortCpus(cpus)) {
    const range = ranges.at(-1);
    if (range?.[1] === cpu - 1) range[1] = cpu;
    else ranges.push([cpu, cpu]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${String(first)}-${String(last)}`)).join(",");
}

/** How many CPUs a list holds. */
export function countCpus(list: CpuList): number {
  return parseCpuList(list).length;
}

/** The CPUs of the first list that are in the second too, as a list. */
export function intersectCpus(list: CpuList, other: CpuList): CpuList {
  const others = new Set(parseCpuList(other));
  return formatCpuList(parseCpuList(list).filter((cpu) => others.has(cpu)));
}

/** The CPUs of the first list that are not in the second, as a list. */
export function subtractCpus(list: CpuList, other: CpuList): CpuList {
  const others = new Set(parseCpuList(other));
  return formatCpuList(parseCpuList(list).filter((cpu) => !others.has(cpu)));
}
