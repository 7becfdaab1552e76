import type { Allocator, EnvironmentSpec, OpenMp } from "../environment.ts";
import type { LaunchSpec } from "../plan.ts";
import type { Flags } from "./flags.ts";
import { choiceOf, clashErrorOf } from "./values.ts";

/** What of the other flags the environment depends on. */
export interface EnvironmentBasis {
  readonly isUnbound: boolean;
  readonly spec: LaunchSpec;
}

/**
 * The environment that flags ask for. Other launchers load the best libraries that are installed where nothing is said; we
 * load none.
 * @throws {LaunchError} `bad-flag`
 */
export function environmentSpecOf(flags: Flags, { isUnbound, spec }: EnvironmentBasis): EnvironmentSpec {
  const { marks } = flags;
  return {
    allocator: allocatorOf(flags),
    openMp: openMpOf(flags),
    usesSiblings: spec.instances?.useSiblings ?? false,
    bindsThreads: isUnbound,
    keepsMemory: marks.has("benchmark"),
    hugePages: marks.has("huge-pages"),
    overwrites: marks.has("overwrite-environment"),
  };
}

function allocatorOf(flags: Flags): Allocator {
  const { marks, vocabulary } = flags;
  if (marks.has("enable-tcmalloc") && marks.has("enable-jemalloc")) {
    throw clashErrorOf("enable-tcmalloc", "enable-jemalloc");
  }
  if (marks.has("enable-tcmalloc")) return "tcmalloc";
  if (marks.has("enable-jemalloc")) return "jemalloc";
  if (marks.has("use-default-allocator")) return "default";
  const said = choiceOf(flags, "memory-allocator", ["auto", "default", "tcmalloc", "jemalloc"]);
  return said ?? (vocabulary === "numalab" ? "default" : "auto");
}

/** Torch without Intel's library sets no more than the number of threads, as we do where nothing is said. */
function openMpOf(flags: Flags): OpenMp {
  if (flags.marks.has("disable-iomp")) return "threads";
  const usual = { numalab: "threads", ipexrun: "auto", run_cpu: "intel" } as const;
  return choiceOf(flags, "omp-runtime", ["auto", "default", "intel"]) ?? usual[flags.vocabulary];
}
