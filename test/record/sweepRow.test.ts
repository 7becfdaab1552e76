import { expect, test } from "vitest";
import { sweepKinds, toSweepRows } from "../../sdk/record/sweepRow.ts";
import { bandwidthRun, decodeAt, decodeRun, prefillRun } from "../frame/exampleRuns.ts";

const onThreads = (threadsCount: number) => ({ spec: { ...decodeRun().spec, threadsCount } });

test("a sweep has a row for each model, quantization and thread count, in that order", () => {
  const { model } = decodeRun();
  const other = { ...model!, quant: "F16" };
  const runs = [
    decodeAt(9, onThreads(2)),
    decodeAt(5, onThreads(1)),
    decodeAt(3, { ...onThreads(1), model: other }),
    bandwidthRun(),
  ];
  const rows = toSweepRows(runs).map(({ model: name, quant, threadsCount }) => [name, quant, threadsCount]);
  expect(rows).toEqual([
    ["tiny", "F16", 1],
    ["tiny", "Q4_0", 1],
    ["tiny", "Q4_0", 2],
  ]);
});

test("a row has estimates with intervals of its decodes and prefills", () => {
  const [row] = toSweepRows([...[7, 8, 9].map((speed) => decodeAt(speed)), prefillRun()]);
  const logs = [7, 8, 9].map(Math.log);
  const mean = (logs[0]! + logs[1]! + logs[2]!) / 3;
  const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 2);
  const margin = (4.302652729749464 * deviation) / Math.sqrt(3);
  expect(row!.decodeTokensPerSecond).toBeCloseTo(Math.cbrt(7 * 8 * 9), 9);
  expect(row!.decodeLowTokensPerSecond).toBeCloseTo(Math.exp(mean - margin), 9);
  expect(row!.decodeHighTokensPerSecond).toBeCloseTo(Math.exp(mean + margin), 9);
  expect([row!.prefillTokensPerSecond, row!.prefillLowTokensPerSecond, row!.prefillHighTokensPerSecond]).toEqual([
    400,
    null,
    null,
  ]);
  expect(row!.repetitionsCount).toBe(3);
});

test("decode stands beside what it reads and the ceiling", () => {
  const [row] = toSweepRows([decodeRun()]);
  expect(row).toMatchObject({ decodeBytesPerSecond: 4000, ceilingTokensPerSecond: 16, decodeRooflineRatio: 0.5 });
});

test("what no run measured is null", () => {
  const [row] = toSweepRows([prefillRun()]);
  expect([
    row!.decodeTokensPerSecond,
    row!.ceilingTokensPerSecond,
    row!.decodeBytesPerSecond,
    row!.decodeRooflineRatio,
  ]).toEqual([null, null, null, null]);
});

test("warnings are one sentence a code, with the number of runs that have it", () => {
  const warnings = [{ code: "steal", message: "2 % of the time was stolen.", advice: "a" }];
  const [row] = toSweepRows([decodeRun({ warnings }), decodeRun({ warnings }), decodeRun()]);
  expect(row!.warnings).toBe("2 % of the time was stolen. (2 of 3 runs)");
});

test("runs that were not asked for the same are told apart in a warning", () => {
  const deep = { spec: { ...decodeRun().spec, depthTokensCount: 512 } };
  expect(toSweepRows([decodeRun(), decodeRun(deep)])[0]!.warnings).toMatch(/^These decode runs differ: 2 sets/);
});

test("every row has the columns of the frame, in their order", () => {
  expect(Object.keys(toSweepRows([decodeRun()])[0]!)).toEqual(Object.keys(sweepKinds));
});

test("two files of one name and quantization have a row each", () => {
  const file = (name: string) => ({ model: { ...decodeRun().model!, fileName: `${name}.gguf`, fileDigest: name } });
  const rows = toSweepRows([decodeAt(8, file("a")), decodeAt(4, file("b"))]);
  expect(rows.map(({ model, decodeTokensPerSecond }) => [model, decodeTokensPerSecond])).toEqual([
    ["tiny (a.gguf)", 8],
    ["tiny (b.gguf)", 4],
  ]);
});

test("all decodes of a study share one ceiling, whenever they ran, and the share's ends hold its interval", () => {
  const at = (minute: number) => ({ startedAt: `2026-01-02T03:0${String(minute)}:00.000Z` });
  const measured = (minute: number, bytesPerSecond: number) =>
    bandwidthRun({ ...at(minute), samples: { tokenSeconds: null, bytesPerSecond: [bytesPerSecond] } });
  const rows = toSweepRows([
    measured(0, 5000),
    ...[1, 2, 3].map((minute) => decodeAt(8, at(minute))),
    ...[6, 7, 8].map((minute) => decodeAt(4, { ...at(minute), ...onThreads(1) })),
    measured(9, 8000),
  ]);
  const row = rows.find(({ threadsCount }) => threadsCount === 2);
  expect(rows.map(({ bandwidthBytesPerSecond }) => bandwidthBytesPerSecond)).toEqual([6500, 6500]);
  expect([row!.bandwidthLowBytesPerSecond, row!.bandwidthHighBytesPerSecond]).toEqual([5000, 8000]);
  expect(row!.decodeRooflineLowRatio).toBeCloseTo(4000 / 8000, 9);
  expect(row!.decodeRooflineHighRatio).toBeCloseTo(4000 / 5000, 9);
  expect(row!.decodeRooflineRatio).toBeCloseTo(4000 / 6500, 9);
});

test("bytes over bandwidth, and speed over ceiling, give the share that is stated", () => {
  const [row] = toSweepRows([decodeAt(7), bandwidthRun(), decodeAt(9)]);
  const { decodeBytesPerSecond: read, bandwidthBytesPerSecond: bandwidth, decodeRooflineRatio: share } = row!;
  expect(read! / bandwidth!).toBeCloseTo(share!, 12);
  expect(row!.decodeTokensPerSecond! / row!.ceilingTokensPerSecond!).toBeCloseTo(share!, 12);
});
