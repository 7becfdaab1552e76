import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDmi } from "../../sdk/host/dmi.ts";
import { deviceOf, endOfTable, structureOf } from "./dmiTable.ts";

test("structures are told apart with their texts", () => {
  const table = Buffer.concat([
    structureOf(1, Buffer.from([1, 2]), ["Maker", "Product"]),
    structureOf(16, Buffer.from([3])),
    endOfTable,
    structureOf(17, Buffer.from([9])),
  ]);
  expect(parseDmi(table).map(({ type, texts }) => [type, texts])).toEqual([
    [1, ["Maker", "Product"]],
    [16, []],
  ]);
});

test("a table cut off anywhere gives the structures before the cut", () => {
  const slots = ["A1", "B1", "C1"].map((locator) => deviceOf({ locator, sizeMebibytes: 1024 }));
  const table = Buffer.concat(slots);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: table.length }), (length) => {
      const whole = Math.floor(length / slots[0]!.length);
      expect(parseDmi(table.subarray(0, length)).length).toBeGreaterThanOrEqual(whole);
    }),
  );
});

test("bytes of any kind are no exception", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(parseDmi(Buffer.from(bytes)).every(({ bytes: { length } }) => length >= 4)).toBe(true);
    }),
  );
});
