import type { Warning } from "../errors.ts";
import { allocatorPartOf } from "./allocator.ts";
import type { Libraries, Library } from "./libraries.ts";
import { openMpPartOf } from "./openMp.ts";
import { besidePreset } from "./preset.ts";

/** Which allocator is loaded before a program; `auto` is tcmalloc, else jemalloc, else the default. */
export type Allocator = "auto" | "default" | "tcmalloc" | "jemalloc";

/** What OpenMP is told: its number of threads only, what GNU's runtime needs, or that and to be Intel's. */
export type OpenMp = "auto" | "threads" | "default" | "intel";

/** What a caller may say about the environment of instances; everything may be left out. */
export interface EnvironmentSpec {
  /** Default `default`. */
  readonly allocator?: Allocator;
  /** Default `threads`. */
  readonly openMp?: OpenMp;
  /** The instances have all SMT siblings of their cores. */
  readonly usesSiblings?: boolean;
  /** OpenMP itself keeps its threads on the CPUs, because nothing else does. */
  readonly bindsThreads?: boolean;
  /** Jemalloc never gives memory back: good for measuring, and it may run out of memory. */
  readonly keepsMemory?: boolean;
  /** Malloc asks for transparent huge pages. */
  readonly hugePages?: boolean;
  /** Set variables even where they are set already. */
  readonly overwrites?: boolean;
}

/** What the environment of one instance depends on. */
export interface EnvironmentBasis {
  /** Its CPUs, as a cpulist. */
  readonly cpus: string;
  readonly threadsCount: number;
  /** What is set already. */
  readonly preset: Readonly<Record<string, string | undefined>>;
  readonly libraries: Libraries;
}

/** The variables of one instance. */
export interface EnvironmentPlan {
  /** Those to be set. What is preset and is kept is not among them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Libraries that are loaded before the program, by LD_PRELOAD. */
  readonly loaded: readonly LoadedLibrary[];
  /** Preset ones to be taken away, because they would lead threads off the planned CPUs. */
  readonly removed: readonly string[];
  readonly warnings: readonly Warning[];
}

/** A library that is loaded before a program. */
export interface LoadedLibrary extends Library {
  readonly name: "tcmalloc" | "jemalloc" | "intel";
}

/** What one concern asks of the environment. */
export type EnvironmentPart = Omit<EnvironmentPlan, "removed">;

/**
 * Makes every choice about an instance's environment: number of threads, OpenMP, allocator. What the user set stays, but for
 * what would override a binding from outside.
 * @see https://www.openmp.org/spec-html/5.2/openmpch21.html
 */
export function planEnvironment(spec: EnvironmentSpec, basis: EnvironmentBasis): EnvironmentPlan {
  const parts = [openMpPartOf(spec, basis), allocatorPartOf(spec, basis)];
  const loaded = parts.flatMap((part) => part.loaded);
  const wanted: EnvironmentPart = {
    variables: Object.assign({}, ...parts.map(({ variables }) => variables)) as Record<string, string>,
    loaded,
    warnings: parts.flatMap(({ warnings }) => warnings),
  };
  return besidePreset(wanted, basis.preset, spec.overwrites ?? false);
}
