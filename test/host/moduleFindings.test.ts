import { expect, test } from "vitest";
import { memoryModulesOf } from "../../sdk/host/memoryTable.ts";
import { errorFindings, moduleFindings } from "../../sdk/host/moduleFindings.ts";
import { absent, found } from "../../sdk/host/reading.ts";
import { arrayOf, deviceOf } from "./dmiTable.ts";

const codesOf = (...parts: Buffer[]) =>
  moduleFindings(found(memoryModulesOf(Buffer.concat(parts)))).map(({ code, severity }) => [code, severity]);
const slot = (locator: string, sizeMebibytes: number, speeds = {}) => deviceOf({ locator, sizeMebibytes, ...speeds });

test("a machine with one module in every channel, at its speed, has nothing to find", () => {
  const speeds = { rated: 3200, configured: 3200 };
  expect(codesOf(arrayOf(6), slot("DIMM_A1", 8192, speeds), slot("DIMM_B1", 8192, speeds))).toEqual([]);
});

test("empty channels are a problem that names the slots to fill", () => {
  const slots = ["A1", "A2", "B1", "B2", "C1", "D1"].map((name) => slot(`DIMM_${name}`, name === "A1" ? 8192 : 0));
  const [finding] = moduleFindings(found(memoryModulesOf(Buffer.concat(slots))));
  expect(finding).toMatchObject({
    code: "empty-channels",
    severity: "problem",
    found: "3 of 4 memory channels have no module",
    meaning: "decoding is bound by memory, and the machine gives at most 1/4 of its bandwidth",
    remedy: "put a module of the same kind into DIMM_B1, DIMM_C1, DIMM_D1",
  });
});

test("an empty second slot of a filled channel is fine", () => {
  expect(codesOf(slot("DIMM_A1", 8192), slot("DIMM_A2", 0))).toEqual([]);
});

test("slots whose channel nobody knows are only counted", () => {
  expect(codesOf(slot("PROC 1 DIMM 1", 8192), slot("PROC 1 DIMM 2", 0))).toEqual([["empty-slots", "note"]]);
});

test("slow and mixed modules and memory without correction are found", () => {
  const modules = [slot("DIMM_A1", 8192, { rated: 3200, configured: 2400 }), slot("DIMM_B1", 16384)];
  expect(codesOf(arrayOf(3), ...modules)).toEqual([
    ["memory-below-rating", "advice"],
    ["mixed-module-sizes", "advice"],
    ["no-ecc", "note"],
  ]);
});

test("modules that nobody can read are a note with the reason", () => {
  expect(moduleFindings(absent("there is no table"))).toMatchObject([
    { code: "modules-unknown", found: "there is no table" },
  ]);
});

const controller = (corrected: number, uncorrected: number) => ({
  name: "mc0",
  correctedCount: found(corrected),
  uncorrectedCount: found(uncorrected),
  modules: [{ label: "CPU0_A1", correctedCount: found(corrected), uncorrectedCount: absent("no such file") }],
});

test.each([
  [0, 0, []],
  [3, 0, [["corrected-memory-errors", "advice"]]],
  [3, 1, [["uncorrected-memory-errors", "problem"]]],
])("%i corrected and %i uncorrected errors give %j", (corrected, uncorrected, expected) => {
  const findings = errorFindings(found([controller(corrected, uncorrected)]));
  expect(findings.map(({ code, severity }) => [code, severity])).toEqual(expected);
  expect(findings.every(({ remedy }) => remedy.includes("CPU0_A1"))).toBe(true);
});

test("errors that nobody counts are a note", () => {
  expect(errorFindings(absent("no EDAC"))).toMatchObject([{ code: "memory-errors-uncounted", severity: "note" }]);
});
