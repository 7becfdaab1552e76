import { existsSync, readFileSync, readdirSync } from "node:fs";
import { parseCpuList, parseCpuMask } from "./cpuList.ts";

/** CPU or node numbers, ascending and each once. */
export type CpuSet = readonly number[];

/** The files of one machine below a root; paths are relative to it, as `proc/cpuinfo`. */
export interface MachineTree {
  readonly root: string;
  /** The text of a file up to a NUL byte, without trailing space; null where it cannot be read. */
  read(path: string): string | null;
  /** The names in a folder; none where it cannot be read. */
  list(path: string): readonly string[];
  has(path: string): boolean;
}

/** Where the kernel tells what it knows of one CPU. */
export const cpuFolder = (cpu: number): string => `sys/devices/system/cpu/cpu${String(cpu)}`;

// An object, because Node copies its defaults on every call for a string.
const asText = { encoding: "utf8" } as const;

function textOf(path: string): string | null {
  try {
    const text = readFileSync(path, asText);
    const end = text.indexOf("\0");
    return (end === -1 ? text : text.slice(0, end)).trimEnd();
  } catch {
    return null;
  }
}

function namesIn(path: string): string[] {
  // Asking first is many times quicker than catching, and some kernels have no folder of caches for any of hundreds of CPUs.
  if (!existsSync(path)) return [];
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** The tree below a root; a file is read from disk once. */
export function openTree(root: string): MachineTree {
  const prefix = root.endsWith("/") ? root : `${root}/`;
  const texts = new Map<string, string | null>();
  return {
    root,
    read(path) {
      const known = texts.get(path);
      if (known !== undefined) return known;
      const text = textOf(prefix + path);
      texts.set(path, text);
      return text;
    },
    list: (path) => namesIn(prefix + path),
    has: (path) => existsSync(prefix + path),
  };
}

/** The whole number that a file begins with, or null. */
export function readInteger(tree: MachineTree, path: string): number | null {
  const value = Number.parseInt(tree.read(path) ?? "", 10);
  return Number.isNaN(value) ? null : value;
}

/** The numbers N of the entries `<stem>N` of a folder, ascending. */
export function listNumbered(tree: MachineTree, path: string, stem: string): number[] {
  const suffixes = tree.list(path).flatMap((name) => (name.startsWith(stem) ? [name.slice(stem.length)] : []));
  return suffixes
    .filter((suffix) => /^\d+$/.test(suffix))
    .map(Number)
    .sort((a, b) => a - b);
}

const isMask = (path: string) => /(_cpus|_siblings|map)$/.test(path);

function cpusOf(path: string, text: string): CpuSet | null {
  try {
    return isMask(path) ? parseCpuMask(text) : parseCpuList(text);
  } catch {
    return null;
  }
}

/** The CPUs or nodes that a file names, or null where it names none: a mask by the names of sysfs, else a list. */
export function readCpuSet(tree: MachineTree, path: string): CpuSet | null {
  const text = tree.read(path);
  return text === null ? null : cpusOf(path, text);
}

/** A reader of the online CPUs that files of one kind, masks or lists, name. Hundreds say the same: a text is parsed once. */
export function onlineSetReader(tree: MachineTree, online: CpuSet): (path: string) => CpuSet | null {
  const kept = new Set(online);
  const known = new Map<string, CpuSet | null>();
  return (path) => {
    const text = tree.read(path);
    if (text === null) return null;
    const found = known.get(text);
    if (found !== undefined) return found;
    const set = cpusOf(path, text)?.filter((cpu) => kept.has(cpu)) ?? null;
    known.set(text, set);
    return set;
  };
}
