import { expect, test } from "vitest";
import { bandwidthsOf, ceilingsOf } from "../../sdk/record/bandwidth.ts";
import type { Run } from "../../sdk/record/run.ts";
import { bandwidthRun, decodeRun } from "../frame/exampleRuns.ts";

const measured = (passes: readonly number[], changes: Partial<Run> = {}): Run =>
  bandwidthRun({ samples: { tokenSeconds: null, bytesPerSecond: passes }, ...changes });
const around = (bytesPerSecond: number): number[] => [0.99, 1, 1.01].map((factor) => factor * bytesPerSecond);
const onThreads = (threadsCount: number) => ({ spec: { ...decodeRun().spec, threadsCount } });

test("each measurement weighs the same, however many passes it has", () => {
  const long = Array.from({ length: 12 }, () => 1e10);
  const [bandwidth] = bandwidthsOf([measured(long), measured([2e10, 2e10, 2e10]), measured([4e10, 4e10, 4e10])]);
  expect(bandwidth!.bytesPerSecond).toBeCloseTo(2e10, 0);
  expect(bandwidth).toMatchObject({ measurementsCount: 3, intervalOver: "measurements", threadsCount: 2 });
});

test("from three measurements on the interval is over them; below, it holds those of their passes", () => {
  const three = [30e9, 31e9, 32e9].map((rate) => measured([rate, rate, rate]));
  const [over] = bandwidthsOf(three);
  expect([over!.lowBytesPerSecond, over!.highBytesPerSecond].map((end) => Math.round(end / 1e8))).toEqual([286, 336]);
  const [under] = bandwidthsOf([measured(around(30e9)), measured(around(60e9))]);
  expect(under!.intervalOver).toBe("passes");
  expect(under!.bytesPerSecond / 1e9).toBeCloseTo(45, 2);
  expect([under!.lowBytesPerSecond, under!.highBytesPerSecond].map((end) => Math.round(end / 1e8))).toEqual([293, 615]);
});

test("the ceiling is the thread count that reads most, the same for every run of the study on that binding", () => {
  const runs = [
    measured(around(10e9), onThreads(1)),
    measured(around(30e9), onThreads(2)),
    measured(around(20e9), onThreads(4)),
  ];
  const ceilingOf = ceilingsOf(runs);
  const early = ceilingOf(decodeRun({ startedAt: "2026-01-02T03:00:00.000Z" }));
  expect(early).toMatchObject({ threadsCount: 2 });
  expect(ceilingOf(decodeRun({ startedAt: "2026-01-02T09:00:00.000Z" }))).toBe(early);
  expect(bandwidthsOf(runs)).toContainEqual(early);
});

test("the bandwidth of other CPUs, other memory or another study is nobody's ceiling", () => {
  const { plan } = decodeRun();
  const ceilingOf = ceilingsOf([
    measured(around(1e10), { study: "s2" }),
    measured(around(1e10), { plan: { ...plan, cpus: "2-3" } }),
    measured(around(1e10), { plan: { ...plan, memoryNodes: "1" } }),
  ]);
  expect(ceilingOf(decodeRun())).toBeNull();
});

test("where nothing was measured, the ceiling is what the runs state, one value for all of them", () => {
  const stating = (bandwidthBytesPerSecond: number): Run =>
    decodeRun({ ceilings: { ...decodeRun().ceilings, bandwidthBytesPerSecond } });
  const ceiling = ceilingsOf([stating(30e9), stating(30e9), stating(40e9)])(decodeRun());
  expect(ceiling).toMatchObject({
    threadsCount: null,
    bytesPerSecond: 35e9,
    lowBytesPerSecond: 30e9,
    highBytesPerSecond: 40e9,
  });
});

test("memory that moves by more than 1.4 times is called unsteady, with the ends between which it moved", () => {
  const moving = [...Array.from({ length: 6 }, () => 34e9), ...Array.from({ length: 6 }, () => 62e9)];
  const [bandwidth] = bandwidthsOf([measured(moving)]);
  expect(bandwidth!.warnings).toMatchObject([
    { code: "memory-unsteady", message: expect.stringContaining("between 34 GB/s and 62 GB/s at different") as string },
  ]);
  expect(bandwidthsOf([measured(around(34e9))])[0]!.warnings).toEqual([]);
});
