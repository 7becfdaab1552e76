import { expect, test } from "vitest";
import { type EnvironmentSpec, planEnvironment, type Libraries } from "../../sdk/launch/index.ts";

const libraries: Libraries = {
  tcmalloc: { path: "/lib/libtcmalloc_minimal.so.4", version: "4.5.10" },
  jemalloc: { path: "/lib/libjemalloc.so.2", version: "5.3.0" },
  intelOpenMp: null,
};

function planned(spec: EnvironmentSpec, preset: Record<string, string> = {}) {
  const plan = planEnvironment(spec, { cpus: "4-7", threadsCount: 4, preset, libraries });
  return { ...plan, codes: plan.warnings.map(({ code }) => code) };
}

test("where nothing is said, only the number of threads is set", () => {
  expect(planned({})).toMatchObject({ variables: { OMP_NUM_THREADS: "4" }, loaded: [], removed: [], codes: [] });
});

test("what the user set stays and is told, unless it may be overwritten", () => {
  const preset = { OMP_NUM_THREADS: "9", OMP_SCHEDULE: "STATIC" };
  expect(planned({ openMp: "default" }, preset)).toMatchObject({
    variables: { OMP_NUM_THREADS: "9", OMP_SCHEDULE: "STATIC", OMP_PROC_BIND: "CLOSE" },
    codes: ["preset-kept"],
  });
  expect(planned({ overwrites: true }, preset)).toMatchObject({ variables: { OMP_NUM_THREADS: "4" }, codes: [] });
});

test("what would lead threads off the planned CPUs is taken away and told, the rest stays", () => {
  const preset = { GOMP_CPU_AFFINITY: "0-3", OMP_PLACES: "{0},{1}", KMP_AFFINITY: "scatter" };
  expect(planned({}, preset)).toMatchObject({
    removed: ["GOMP_CPU_AFFINITY", "OMP_PLACES"],
    variables: { KMP_AFFINITY: "scatter" },
    codes: ["preset-removed", "preset-removed"],
  });
  expect(planned({}, { OMP_PLACES: "cores" })).toMatchObject({ removed: [], variables: { OMP_PLACES: "cores" } });
  expect(planned({ bindsThreads: true }, preset).variables).toMatchObject({ GOMP_CPU_AFFINITY: "4-7" });
});

test("libraries are loaded after those that the user loads, and no second allocator", () => {
  expect(planned({ allocator: "auto" }, { LD_PRELOAD: "/mine.so" })).toMatchObject({
    variables: { LD_PRELOAD: "/mine.so:/lib/libtcmalloc_minimal.so.4" },
    loaded: [{ name: "tcmalloc", version: "4.5.10" }],
  });
  expect(planned({ allocator: "tcmalloc" }, { LD_PRELOAD: "/opt/libjemalloc.so.2" })).toMatchObject({
    loaded: [],
    codes: ["preset-kept"],
  });
});

test("huge pages are asked of the allocator that is used", () => {
  expect(planned({ hugePages: true }).variables).toMatchObject({ GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" });
  expect(planned({ hugePages: true, allocator: "jemalloc" }).variables["MALLOC_CONF"]).toMatch(/,thp:always$/);
});
