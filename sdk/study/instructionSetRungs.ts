import { type EngineBuild, hasFlag, runnableBuildsOf } from "../host/index.ts";
import type { Topology } from "../topology/index.ts";
import { StudyError } from "./errors.ts";

/** One of the engine's builds, and the instruction set that it adds to the rung below. */
export interface InstructionSetRung {
  readonly build: string;
  /** `baseline` for the build that every CPU of its architecture runs. */
  readonly instructionSet: string;
}

/** What makes inference faster, in the order in which CPUs came to have it, as /proc/cpuinfo spells it. */
const names: Readonly<Record<string, string>> = {
  avx2: "AVX2",
  avx_vnni: "AVX-VNNI",
  avx512f: "AVX-512",
  avx512_vnni: "AVX-512 VNNI",
  avx512_bf16: "AVX-512 BF16",
  amx_int8: "AMX",
  asimddp: "dotprod",
  sve: "SVE",
  i8mm: "I8MM",
  sve2: "SVE2",
  sme: "SME",
};

const newestOf = ({ isaFlags }: EngineBuild): string =>
  Object.keys(names).findLast((flag) => hasFlag(isaFlags, flag)) ?? "";

function rungOf(build: EngineBuild): InstructionSetRung {
  return { build: build.name, instructionSet: names[newestOf(build)] ?? "baseline" };
}

/** The build that needs nothing, and of those that have an instruction set for the newest the one that the engine prefers. */
function steps(builds: readonly EngineBuild[]): EngineBuild[] {
  const preferred = builds.filter(
    (build, at) => newestOf(build) !== "" && builds.findIndex((other) => newestOf(other) === newestOf(build)) === at,
  );
  return [...preferred, ...builds.slice(-1)];
}

function badBuilds(asked: readonly string[] | undefined, runnable: readonly string[]): StudyError {
  const message = `The builds asked for are ${asked?.join(", ") ?? "all"}; this CPU runs ${runnable.join(", ") || "none"}. Name some of these.`;
  return new StudyError("bad-spec", message, { facts: { asked: asked ?? [], runnable } });
}

/**
 * The rungs of a CPU with these flags, the lowest first: one for each instruction set that makes inference faster, or the
 * builds that were named.
 * @throws {StudyError} `bad-spec` for builds that such a CPU does not run, and where the engine has none
 */
export function instructionSetRungsOf(
  { architecture, isaFlags }: Pick<Topology, "architecture" | "isaFlags">,
  asked?: readonly string[],
): InstructionSetRung[] {
  const builds = runnableBuildsOf(architecture ?? "", isaFlags);
  const runnable = builds.map(({ name }) => name);
  const chosen = asked === undefined ? steps(builds) : builds.filter(({ name }) => asked.includes(name));
  if (chosen.length === 0 || asked?.some((name) => !runnable.includes(name))) throw badBuilds(asked, runnable);
  return chosen.map(rungOf).reverse();
}
