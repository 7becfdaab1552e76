import { expect, test } from "vitest";
import { scaleOf, unitOf } from "../../sdk/units/unit.ts";

test.each([
  ["ttftSeconds", "Seconds"],
  ["tokenSeconds", "Seconds"],
  ["bandwidthBytesPerSecond", "BytesPerSecond"],
  ["peakBytesPerSecondPerSocket", "BytesPerSecondPerSocket"],
  ["decodeTokensPerSecond", "TokensPerSecond"],
  ["fileBytes", "Bytes"],
  ["bytes", "Bytes"],
  ["kvBytesPerToken", "BytesPerToken"],
  ["threadsCount", "Count"],
  ["localPagesRatio", "Ratio"],
  ["repetitionIndex", "Index"],
  ["priceUsdPerHour", "UsdPerHour"],
  ["baseHertz", "Hertz"],
])("the unit of %s is %s", (name, unit) => {
  expect(unitOf(name)).toBe(unit);
});

test.each(["hiddenSize", "quant", "discount", "kilobytes", ""])("the name %j carries no unit", (name) => {
  expect(unitOf(name)).toBeNull();
});

test("a value is shown in the largest unit in which it is at least 1 after rounding", () => {
  expect(scaleOf(0.2, "Seconds")).toEqual({ symbol: "ms", factor: 1e-3 });
  expect(scaleOf(0.99951, "Seconds")).toEqual({ symbol: "s", factor: 1 });
  expect(scaleOf(0.9994, "Seconds")).toEqual({ symbol: "ms", factor: 1e-3 });
  expect(scaleOf(-3e9, "BytesPerSecond")).toEqual({ symbol: "GB/s", factor: 1e9 });
  expect(scaleOf(1023, "Bytes")).toEqual({ symbol: "B", factor: 1 });
  expect(scaleOf(1024, "Bytes")).toEqual({ symbol: "KiB", factor: 1024 });
});

test("zero is shown in the base unit and a value below every unit in the smallest", () => {
  expect(scaleOf(0, "Seconds")).toEqual({ symbol: "s", factor: 1 });
  expect(scaleOf(1e-12, "Seconds")).toEqual({ symbol: "ns", factor: 1e-9 });
  expect(scaleOf(5, null)).toEqual({ symbol: "", factor: 1 });
});
