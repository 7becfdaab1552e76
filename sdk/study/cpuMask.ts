import { formatCpuList, parseCpuList } from "../topology/index.ts";

/** The CPUs of a mask as llama.cpp's tools take it, such as `0xF`; empty for `0x0`. Null when it is no mask. */
export function cpusOfMask(mask: string): string | null {
  const [, digits] = /^(?:0x)?([\da-f]{1,128})$/i.exec(mask) ?? [];
  if (digits === undefined) return null;
  const bits = BigInt(`0x${digits}`).toString(2);
  const places = Array.from({ length: bits.length }, (_, cpu) => cpu);
  return formatCpuList(places.filter((cpu) => bits.at(-1 - cpu) === "1"));
}

/** The mask of CPUs as llama.cpp's tools write it; `0x0` of none. */
export function cpuMaskOf(cpus: string): string {
  const mask = parseCpuList(cpus).reduce((bits, cpu) => bits | (1n << BigInt(cpu)), 0n);
  return `0x${mask.toString(16)}`;
}
