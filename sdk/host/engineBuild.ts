/** One of the engine's builds for a CPU, and the flags that it needs of one, as /proc/cpuinfo spells them. */
export interface EngineBuild {
  readonly name: string;
  readonly isaFlags: readonly string[];
}

const piledriver = ["sse4_2", "avx", "f16c", "fma"];
const haswell = [...piledriver, "avx2", "bmi2"];
const skylakex = [...haswell, "avx512f", "avx512cd", "avx512vl", "avx512dq", "avx512bw"];
const icelake = [...skylakex, "avx512_vbmi", "avx512_vnni"];
const zen4 = [...icelake, "avx512_bf16"];
const armv8 = ["asimddp", "asimdhp", "sve"];

/** By architecture, in the order in which the engine prefers them. */
const builds: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  x86_64: {
    sapphirerapids: [...zen4, "amx_tile", "amx_int8"],
    zen4,
    cooperlake: [...skylakex, "avx512_vnni", "avx512_bf16"],
    icelake,
    cascadelake: [...skylakex, "avx512_vnni"],
    cannonlake: [...skylakex, "avx512_vbmi"],
    skylakex,
    alderlake: [...haswell, "avx_vnni"],
    haswell,
    piledriver,
    ivybridge: ["sse4_2", "avx", "f16c"],
    sandybridge: ["sse4_2", "avx"],
    sse42: ["sse4_2"],
    x64: [],
  },
  aarch64: {
    "armv9.2_2": [...armv8, "i8mm", "sve2", "sme"],
    "armv9.2_1": [...armv8, "i8mm", "sme"],
    "armv8.6_2": [...armv8, "i8mm", "sve2"],
    "armv8.6_1": [...armv8, "i8mm"],
    "armv8.2_3": armv8,
    "armv8.2_2": ["asimddp", "asimdhp"],
    "armv8.2_1": ["asimddp"],
    "armv8.0_1": [],
  },
};

/** The names that older kernels have for some flags, which differ by an underscore. */
const spelled = (flag: string) => flag.replaceAll("_", "");

/** Whether a CPU of these flags has one, however the kernel spells it: `avx512_vbmi` and `avx512vbmi` are the same. */
export function hasFlag(isaFlags: readonly string[], flag: string): boolean {
  return isaFlags.some((known) => spelled(known) === spelled(flag));
}

/** Which build of the engine a CPU gets, and what it would need for the ones that are preferred to it. */
export interface EngineFit {
  readonly build: EngineBuild;
  /** The preferred builds that this CPU cannot run, best first, each with the flags that it lacks. */
  readonly better: readonly { readonly name: string; readonly missingFlags: readonly string[] }[];
}

/** The engine's builds that a CPU of these flags can run, in the order in which the engine prefers them. */
export function runnableBuildsOf(architecture: string, isaFlags: readonly string[]): EngineBuild[] {
  return Object.entries(builds[architecture] ?? {})
    .map(([name, needed]) => ({ name, isaFlags: needed }))
    .filter((build) => build.isaFlags.every((flag) => hasFlag(isaFlags, flag)));
}

/**
 * The engine's build that a CPU of these flags gets; null for an architecture that the engine has no builds for.
 * @see https://github.com/ggml-org/llama.cpp/blob/master/ggml/src/CMakeLists.txt the variants, and cpu-feats.cpp their order
 */
export function engineFitOf(architecture: string, isaFlags: readonly string[]): EngineFit | null {
  const all = Object.entries(builds[architecture] ?? {});
  const missingOf = (flags: readonly string[]) => flags.filter((flag) => !hasFlag(isaFlags, flag));
  const at = all.findIndex(([, flags]) => missingOf(flags).length === 0);
  const [name, flags] = all[at] ?? [];
  if (name === undefined || flags === undefined) return null;
  const better = all.slice(0, at).map(([each, needed]) => ({ name: each, missingFlags: missingOf(needed) }));
  return { build: { name, isaFlags: flags }, better };
}
