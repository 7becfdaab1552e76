import type { MachineTree } from "./tree.ts";

/** What /proc/cpuinfo tells. */
export interface CpuInfo {
  /** The model name that stands in the block of a CPU, or null. */
  readonly modelOf: (cpu: number) => string | null;
  /** The flags that all CPUs have, as the kernel spells and orders them. */
  readonly isaFlags: readonly string[];
  /** Whether two cores share parts of one module and are shown as siblings: AMD families 15h and 16h. */
  readonly hasModules: boolean;
}

const modelPattern = /^(?:model name|cpu|cpu model)[\t ]*: *(.*)$/m;
const cpuPattern = /^processor[\t ]*: *(\d+)$/m;

function fieldOf(text: string, name: string): string | null {
  return new RegExp(`^${name}[\\t ]*: *(.*)$`, "m").exec(text)?.[1]?.trim() ?? null;
}

function commonFlagsOf(text: string): string[] {
  const lines = new Set([...text.matchAll(/^(?:flags|Features)[\t ]*: *(.*)$/gm)].map(([, flags]) => flags ?? ""));
  const [first, ...others] = [...lines].map((line) => line.trim().split(/\s+/));
  const otherSets = others.map((flags) => new Set(flags));
  return (first ?? []).filter((flag) => flag !== "" && otherSets.every((set) => set.has(flag)));
}

/** What /proc/cpuinfo tells of the machine; nothing where it is absent. */
export function readCpuInfo(tree: MachineTree): CpuInfo {
  const text = tree.read("proc/cpuinfo") ?? "";
  const family = fieldOf(text, "cpu family");
  const blocks = new Map(text.split("\n\n").map((block) => [Number(cpuPattern.exec(block)?.[1]), block]));
  const modelIn = (block: string) => modelPattern.exec(block)?.[1]?.trim() || null;
  return {
    modelOf: (cpu) => modelIn(blocks.get(cpu) ?? ""),
    isaFlags: commonFlagsOf(text),
    hasModules: fieldOf(text, "vendor_id") === "AuthenticAMD" && (family === "21" || family === "22"),
  };
}
