import { expect, test } from "vitest";
import { memoryModulesOf } from "../../sdk/host/memoryTable.ts";
import { arrayOf, deviceOf, endOfTable } from "./dmiTable.ts";

test("the slots of the firmware's tables are read, filled and empty", () => {
  const table = Buffer.concat([
    arrayOf(6),
    deviceOf({ locator: "DIMM_A1", bank: "P0 CHANNEL A", sizeMebibytes: 16384, rated: 5600, configured: 4800 }),
    deviceOf({ locator: "DIMM_B1", bank: "P0 CHANNEL B", sizeMebibytes: 0 }),
    deviceOf({ locator: "DIMM_C1", bank: "P0 CHANNEL C", sizeMebibytes: 131072, rated: 70000 }),
    endOfTable,
  ]);
  const ddr5 = { type: "DDR5" };
  expect(memoryModulesOf(table)).toEqual({
    hasErrorCorrection: true,
    slots: [
      {
        ...ddr5,
        locator: "DIMM_A1",
        bank: "P0 CHANNEL A",
        channel: "P0 A",
        sizeBytes: 16 * 2 ** 30,
        ratedTransfersPerSecond: 5.6e9,
        configuredTransfersPerSecond: 4.8e9,
      },
      {
        ...ddr5,
        locator: "DIMM_B1",
        bank: "P0 CHANNEL B",
        channel: "P0 B",
        sizeBytes: null,
        ratedTransfersPerSecond: null,
        configuredTransfersPerSecond: null,
      },
      {
        ...ddr5,
        locator: "DIMM_C1",
        bank: "P0 CHANNEL C",
        channel: "P0 C",
        sizeBytes: 128 * 2 ** 30,
        ratedTransfersPerSecond: 7e10,
        configuredTransfersPerSecond: null,
      },
    ],
  });
});

test.each([
  [[], null],
  [[3], false],
  [[3, 5], true],
  [[2], null],
])("arrays that correct by %j say %s", (corrections, hasErrorCorrection) => {
  expect(memoryModulesOf(Buffer.concat(corrections.map(arrayOf))).hasErrorCorrection).toBe(hasErrorCorrection);
});
