import fc from "fast-check";
import { expect, test } from "vitest";
import { UnitsError } from "../../sdk/units/errors.ts";
import { formatInterval, formatQuantity, parseQuantity } from "../../sdk/units/quantity.ts";
import { unitOf } from "../../sdk/units/unit.ts";

const names = [
  "ttftSeconds",
  "fileBytes",
  "bandwidthBytesPerSecond",
  "peakBytesPerSecondPerSocket",
  "bytesPerSecondPerChannel",
  "kvBytesPerToken",
  "decodeTokensPerSecond",
  "memoryTransfersPerSecond",
  "fp32OperationsPerSecond",
  "int8OperationsPerCycle",
  "prefillOperationsPerToken",
  "baseHertz",
  "tdpWatts",
  "weightBits",
  "localPagesRatio",
  "threadsCount",
  "instanceIndex",
  "listPriceUsd",
  "priceUsdPerHour",
];

test.each([
  [1.5, "ttftSeconds", "1.5 s"],
  [0.2, "ttftSeconds", "200 ms"],
  [0.0000421, "itlSeconds", "42.1 µs"],
  [397_721_600, "fileBytes", "379 MiB"],
  [2 ** 30, "fileBytes", "1 GiB"],
  [204_800_000_000, "bandwidthBytesPerSecond", "205 GB/s"],
  [204_800_000_000, "peakBytesPerSecondPerSocket", "205 GB/s per socket"],
  [4_800_000_000, "memoryTransfersPerSecond", "4,800 MT/s"],
  [25.123, "decodeTokensPerSecond", "25.1 tokens/s"],
  [1234.4, "prefillTokensPerSecond", "1,234 tokens/s"],
  [0.9734, "localPagesRatio", "97.3 %"],
  [0.97, "localPagesRatio", "97 %"],
  [1.25, "speedupRatio", "125 %"],
  [1234, "tokensCount", "1,234"],
  [1_234_567, "parametersCount", "1,234,567"],
  [0, "fileBytes", "0 B"],
  [-0.05, "differenceRatio", "-5 %"],
  [0.007_87, "foreignCpuRatio", "0.8 %"],
  [8.82e-13, "differenceRatio", "0 %"],
  [1.2, "priceUsdPerHour", "1.2 USD/h"],
  [896, "hiddenSize", "896"],
  [null, "ttftSeconds", "–"],
])("%d of %s is shown as %s", (value, name, text) => {
  expect(formatQuantity(value, name)).toBe(text);
});

test("an interval is shown with both ends in one unit", () => {
  expect(formatInterval({ low: 24.93, high: 25.41 }, "decodeTokensPerSecond")).toBe("24.9–25.4 tokens/s");
  expect(formatInterval({ low: 0.9, high: 1.1 }, "ttftSeconds")).toBe("0.9–1.1 s");
  expect(formatInterval({ low: null, high: null }, "ttftSeconds")).toBe("–");
});

test.each([
  ["1.5GiB", "Bytes", 1.5 * 2 ** 30],
  ["1.5 GB", "Bytes", 1.5e9],
  ["1,024", "Bytes", 1024],
  ["200ms", "Seconds", 0.2],
  ["30us", "Seconds", 30e-6],
  ["2 min", "Seconds", 120],
  ["2GB/s", "BytesPerSecond", 2e9],
  ["2 GiB/s", "BytesPerSecond", 2 ** 31],
  ["97 %", "Ratio", 0.97],
  ["0.97", "Ratio", 0.97],
  [".5 tokens/s", "TokensPerSecond", 0.5],
  ["1e3", "Count", 1000],
  ["-5 s", "Seconds", -5],
] as const)("%s of %s is read as %d", (text, unit, value) => {
  expect(parseQuantity(text, unit)).toBeCloseTo(value, 12);
});

test("what is shown is read back within its three digits, of a percentage one decimal, for every unit", () => {
  const quantity = fc.record({
    name: fc.constantFrom(...names),
    sign: fc.constantFrom(1, -1),
    exponent: fc.double({ min: -15, max: 18, noNaN: true }),
  });
  fc.assert(
    fc.property(quantity, ({ name, sign, exponent }) => {
      const value = sign * 10 ** exponent;
      const read = parseQuantity(formatQuantity(value, name), unitOf(name)!);
      const unseen = unitOf(name) === "Ratio" ? 0.000_501 : 0;
      expect(Math.abs(read - value)).toBeLessThanOrEqual(0.00501 * Math.abs(value) + unseen);
    }),
  );
});

test("a text that is shown stays the same when it is read and shown again", () => {
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.double({ min: 0, max: 1e15, noNaN: true }), (name, value) => {
      const text = formatQuantity(value, name);
      expect(formatQuantity(parseQuantity(text, unitOf(name)!), name)).toBe(text);
    }),
  );
});

test("a number that is not finite is refused, because missing is null", () => {
  expect(() => formatQuantity(NaN, "ttftSeconds")).toThrowErrorMatchingInlineSnapshot(
    `[UnitsError: ttftSeconds is NaN; needed a finite number. Write null where a value is missing.]`,
  );
  expect(() => formatInterval({ low: 1, high: Infinity }, "ttftSeconds")).toThrow(UnitsError);
});

test("a text without a number and an unknown symbol are refused, with what was needed", () => {
  expect(() => parseQuantity("fast", "Seconds")).toThrowErrorMatchingInlineSnapshot(
    `[UnitsError: "fast" does not begin with a finite number; needed a number of Seconds, bare or with one of: s, us, min, h, ns, µs, ms.]`,
  );
  expect(() => parseQuantity("2 parsecs", "Seconds")).toThrowErrorMatchingInlineSnapshot(
    `[UnitsError: "2 parsecs" has the symbol "parsecs"; needed a number of Seconds, bare or with one of: s, us, min, h, ns, µs, ms.]`,
  );
  for (const text of ["", "1..2", "1e999", "--1", "1.2.3 s", "NaN", "1,,", "1,5 s", "."]) {
    expect(() => parseQuantity(text, "Seconds"), text).toThrow(UnitsError);
  }
});
