import type { Warning } from "../errors.ts";
import type { EnvironmentBasis, EnvironmentPart, EnvironmentSpec } from "./environment.ts";

type Variables = EnvironmentPart["variables"];

/** What OpenMP has to be told, and the library that has to be loaded for it. */
export function openMpPartOf(spec: EnvironmentSpec, basis: EnvironmentBasis): EnvironmentPart {
  const { openMp = "threads" } = spec;
  const { threadsCount, libraries } = basis;
  const wantsIntel = openMp === "auto" || openMp === "intel";
  const intel = wantsIntel ? libraries.intelOpenMp : null;
  const variables = intel === null ? gnuVariablesOf(spec, basis) : intelVariablesOf(spec, basis);
  return {
    variables: { OMP_NUM_THREADS: String(threadsCount), ...variables },
    loaded: intel === null ? [] : [{ name: "intel", ...intel }],
    warnings: openMp === "intel" && intel === null ? [missingWarning] : [],
  };
}

function gnuVariablesOf({ openMp, bindsThreads = false }: EnvironmentSpec, { cpus }: EnvironmentBasis): Variables {
  return {
    ...(openMp === "auto" || openMp === "default" ? { OMP_SCHEDULE: "STATIC", OMP_PROC_BIND: "CLOSE" } : {}),
    ...(bindsThreads ? { GOMP_CPU_AFFINITY: cpus } : {}),
  };
}

/** Intel's compact order would leave siblings idle, so it is not set where they are wanted. */
function intelVariablesOf(spec: EnvironmentSpec, { cpus }: EnvironmentBasis): Variables {
  const { bindsThreads = false, usesSiblings = false } = spec;
  if (bindsThreads) return { KMP_AFFINITY: `granularity=fine,proclist=[${cpus}],explicit`, KMP_BLOCKTIME: "1" };
  return { ...(usesSiblings ? {} : { KMP_AFFINITY: "granularity=fine,compact,1,0" }), KMP_BLOCKTIME: "1" };
}

const missingWarning: Warning = {
  code: "library-missing",
  message: "Intel's OpenMP (libiomp5.so) was not found, so the program's own OpenMP is used.",
  advice: "Install it: pip install intel-openmp, inside a virtual environment that is active.",
};

/** A note where a program is known to have no OpenMP; null elsewhere. */
export function openMpNoteOf(command: readonly string[]): Warning | null {
  const [file = ""] = command;
  if (!/(^|\/)(node|nodejs|npx|tsx)$|\.[cm]?[jt]s$/.test(file)) return null;
  return {
    code: "no-openmp",
    message:
      "OMP_*, KMP_* and GOMP_* have no effect on node-llama-cpp and onnxruntime-node: they have threads of their own.",
    advice: "Give the program its number of threads too: OMP_NUM_THREADS holds it for your own use.",
  };
}
