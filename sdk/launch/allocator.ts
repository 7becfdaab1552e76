import type { Warning } from "../errors.ts";
import type { Allocator, EnvironmentBasis, EnvironmentPart, EnvironmentSpec, LoadedLibrary } from "./environment.ts";
import type { Libraries } from "./libraries.ts";

const packages = { tcmalloc: "libtcmalloc-minimal4", jemalloc: "libjemalloc2" } as const;

/**
 * The allocator that has to be loaded, and its settings.
 * @see https://jemalloc.net/jemalloc.3.html (tuning)
 * @see https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html
 */
export function allocatorPartOf(spec: EnvironmentSpec, { libraries, preset }: EnvironmentBasis): EnvironmentPart {
  const { allocator = "default", hugePages = false } = spec;
  const own = /lib(?:tc|je|mi)malloc[^:]*/.exec(preset["LD_PRELOAD"] ?? "")?.[0];
  if (own !== undefined) return { variables: {}, loaded: [], warnings: presetWarningsOf(allocator, own) };
  const found = foundOf(allocator, libraries);
  if (found !== null) {
    const variables = found.name === "jemalloc" ? { MALLOC_CONF: jemallocSettingsOf(spec) } : {};
    return { variables, loaded: [found], warnings: [] };
  }
  return {
    variables: hugePages ? { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" } : {},
    loaded: [],
    warnings: allocator === "default" ? [] : [missingWarningOf(allocator)],
  };
}

function foundOf(allocator: Allocator, libraries: Libraries): LoadedLibrary | null {
  const wanted = {
    auto: ["tcmalloc", "jemalloc"],
    default: [],
    tcmalloc: ["tcmalloc"],
    jemalloc: ["jemalloc"],
  } as const;
  for (const name of wanted[allocator]) {
    const library = libraries[name];
    if (library !== null) return { name, ...library };
  }
  return null;
}

function jemallocSettingsOf({ keepsMemory = false, hugePages = false }: EnvironmentSpec): string {
  const settings = keepsMemory
    ? "oversize_threshold:1,background_thread:false,metadata_thp:always,dirty_decay_ms:-1,muzzy_decay_ms:-1"
    : "oversize_threshold:1,background_thread:true,metadata_thp:auto";
  return hugePages ? `${settings},thp:always` : settings;
}

function presetWarningsOf(allocator: Allocator, own: string): Warning[] {
  if (allocator === "default" || own.includes(allocator)) return [];
  return [
    {
      code: "preset-kept",
      message: `LD_PRELOAD already loads ${own}, so no other allocator is loaded.`,
      advice: "Unset LD_PRELOAD to have one chosen.",
    },
  ];
}

function missingWarningOf(allocator: "auto" | "tcmalloc" | "jemalloc"): Warning {
  const names = allocator === "auto" ? (["tcmalloc", "jemalloc"] as const) : [allocator];
  return {
    code: "library-missing",
    message: `${names.join(" and ")} ${names.length > 1 ? "are" : "is"} not installed, so the default allocator is used.`,
    advice: `Install ${names.length > 1 ? "one" : "it"}: ${names.map((name) => `apt-get install ${packages[name]}`).join(", or ")}.`,
  };
}
