import { expect, test } from "vitest";
import { bandwidthNear } from "../../sdk/record/bandwidth.ts";
import type { Run } from "../../sdk/record/run.ts";
import { bandwidthRun, decodeRun } from "../frame/exampleRuns.ts";

const at = (minute: number): string => `2026-01-02T03:0${String(minute)}:00.000Z`;
const measured = (minute: number, bytesPerSecond: number, changes: Partial<Run> = {}): Run => {
  const samples = { tokenSeconds: null, bytesPerSecond: [0.9, 1, 1.1].map((factor) => factor * bytesPerSecond) };
  return bandwidthRun({ startedAt: at(minute), samples, ...changes });
};

test("a run stands beside the bandwidth measured nearest in time, before or after it", () => {
  const runs = [measured(0, 1e10), measured(6, 2e10)];
  const near = (minute: number) => bandwidthNear(decodeRun({ startedAt: at(minute) }), runs)?.bytesPerSecond;
  expect([near(1), near(5)].map((value) => Math.round(value! / 1e9))).toEqual([10, 20]);
});

test("of one measurement the fastest thread count counts, as an estimate with its interval, not its best sample", () => {
  const near = bandwidthNear(decodeRun(), [measured(0, 1e10), measured(0, 1.5e10)])!;
  expect(near.bytesPerSecond).toBeCloseTo(1.5e10 * Math.cbrt(0.9 * 1.1), 0);
  expect(near.lowBytesPerSecond).toBeLessThan(near.bytesPerSecond);
  expect(near.highBytesPerSecond).toBeGreaterThan(near.bytesPerSecond);
});

test("the bandwidth of other CPUs, other memory or another study is nobody's neighbour", () => {
  const { plan } = decodeRun();
  const others = [
    measured(0, 1e10, { study: "s2" }),
    measured(0, 1e10, { plan: { ...plan, cpus: "2-3" } }),
    measured(0, 1e10, { plan: { ...plan, memoryNodes: "1" } }),
  ];
  expect(bandwidthNear(decodeRun(), others)).toBeNull();
});
