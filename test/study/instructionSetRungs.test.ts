import { expect, test } from "vitest";
import { instructionSetRungsOf } from "../../sdk/study/instructionSetRungs.ts";

const haswell = "sse4_2 avx f16c fma avx2 bmi2".split(" ");
const skylake = [...haswell, ..."avx512f avx512cd avx512vl avx512dq avx512bw".split(" ")];
const zen4 = [...skylake, "avx512vbmi", "avx512_vnni", "avx512_bf16"];
const armv8 = ["asimddp", "asimdhp", "sve"];

const wordsOf = (architecture: string, isaFlags: readonly string[], named?: readonly string[]): string[] =>
  instructionSetRungsOf({ architecture, isaFlags }, named).map(
    ({ instructionSet, build }) => `${instructionSet}: ${build}`,
  );

test.each([
  ["x86_64", [], ["baseline: x64"]],
  ["x86_64", haswell, ["baseline: x64", "AVX2: haswell"]],
  [
    "x86_64",
    zen4,
    ["baseline: x64", "AVX2: haswell", "AVX-512: cannonlake", "AVX-512 VNNI: icelake", "AVX-512 BF16: zen4"],
  ],
  ["aarch64", ["asimddp", "asimdhp"], ["baseline: armv8.0_1", "dotprod: armv8.2_2"]],
  [
    "aarch64",
    [...armv8, "i8mm", "sve2"],
    ["baseline: armv8.0_1", "dotprod: armv8.2_2", "SVE: armv8.2_3", "I8MM: armv8.6_1", "SVE2: armv8.6_2"],
  ],
])("%s with %j has a rung for each instruction set that makes inference faster", (architecture, flags, rungs) => {
  expect(wordsOf(architecture, flags)).toEqual(rungs);
});

test("AMX is the highest rung of a CPU that has it", () => {
  expect(wordsOf("x86_64", [...zen4, "avx_vnni", "amx_tile", "amx_int8"]).at(-1)).toBe("AMX: sapphirerapids");
});

test("named builds are the rungs, in the engine's order", () => {
  expect(wordsOf("x86_64", zen4, ["zen4", "sse42"])).toEqual(["baseline: sse42", "AVX-512 BF16: zen4"]);
});

test.each([
  ["x86_64", ["zen4"], /runs haswell/],
  ["x86_64", [], /asked for are ;/],
  ["riscv64", undefined, /runs none/],
])("on %s the builds %j are refused with those that there are", (architecture, named, message) => {
  const refused: unknown = expect.objectContaining({
    code: "bad-spec",
    message: expect.stringMatching(message) as string,
  });
  expect(() => wordsOf(architecture, haswell, named)).toThrow(refused);
});
