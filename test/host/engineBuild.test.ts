import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { engineFitOf, hasFlag, runnableBuildsOf } from "../../sdk/host/engineBuild.ts";

const haswell = "sse4_2 avx f16c fma avx2 bmi2".split(" ");
const skylake = [...haswell, ..."avx512f avx512cd avx512vl avx512dq avx512bw".split(" ")];

test.each([
  ["x86_64", [], "x64"],
  ["x86_64", ["sse4_2", "avx", "f16c"], "ivybridge"],
  ["x86_64", haswell, "haswell"],
  ["x86_64", [...haswell, "avx_vnni"], "alderlake"],
  ["x86_64", [...skylake, "avx512_vnni"], "cascadelake"],
  ["x86_64", [...skylake, "avx512vbmi", "avx512_vnni", "avx512_bf16"], "zen4"],
  ["aarch64", ["asimd", "asimddp", "asimdhp"], "armv8.2_2"],
])("%s with %j runs %s", (architecture, flags, name) => {
  expect(engineFitOf(architecture, flags)?.build.name).toBe(name);
  expect(runnableBuildsOf(architecture, flags)[0]?.name).toBe(name);
});

test("a CPU can run every build that needs no more than it has", () => {
  expect(runnableBuildsOf("x86_64", haswell).map(({ name }) => name)).toEqual(
    "haswell piledriver ivybridge sandybridge sse42 x64".split(" "),
  );
});

test("what the next better build needs is told", () => {
  expect(engineFitOf("x86_64", ["sse4_2", "avx", "f16c"])?.better.at(-1)).toEqual({
    name: "piledriver",
    missingFlags: ["fma"],
  });
});

test("an architecture without builds has none", () => {
  expect(engineFitOf("riscv64", [])).toBeNull();
});

test("a flag is known by either of its spellings", () => {
  expect(hasFlag(["avx512vbmi"], "avx512_vbmi")).toBe(true);
  expect(hasFlag(["avx512f"], "avx512_vbmi")).toBe(false);
});

test.runIf(process.platform === "linux" && process.arch === "x64")(
  "the builds are those of the installed engine",
  () => {
    const require = createRequire(createRequire(import.meta.url).resolve("node-llama-cpp"));
    const folder = join(
      dirname(require.resolve(`@node-llama-cpp/${process.platform}-${process.arch}`)),
      "../bins/linux-x64",
    );
    const installed = readdirSync(folder).flatMap((name) => /^libggml-cpu-(.*)\.so$/.exec(name)?.[1] ?? []);
    const every = engineFitOf("x86_64", []);
    expect([...(every?.better ?? []).map(({ name }) => name), every?.build.name].sort()).toEqual(installed.sort());
  },
);
