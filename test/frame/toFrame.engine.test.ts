import { concat, DataFrame, merge, toFrame, toSweepFrame } from "numalab/frame";
import { expect, test } from "vitest";
import { decodeAt, decodeRun, prefillRun } from "./exampleRuns.ts";

const { software } = decodeRun();

test("a frame of runs has a row a run, in their order", async () => {
  const frame = await toFrame([decodeAt(8, { id: "b" }), prefillRun({ id: "a" })]);
  expect(frame).toBeInstanceOf(DataFrame);
  expect(frame.column("id").values).toEqual(["b", "a"]);
  expect(frame.column("tokensPerSecond").mean()).toBe(204);
  expect(frame.caveats).toEqual([]);
});

test("null survives in a frame, takes no part in sums, and is shown", async () => {
  const frame = await toFrame([decodeRun(), prefillRun()]);
  expect(frame.column("ttftSeconds").values).toEqual([null, 0.25]);
  expect(frame.column("ttftSeconds").mean()).toBe(0.25);
  expect(frame.groupby(["kind"]).col(["ttftSeconds"]).mean().values).toEqual([
    ["decode", NaN],
    ["prefill", 0.25],
  ]);
  expect(frame.toString()).toContain("decode");
});

test("no runs give the same columns and no rows", async () => {
  const [some, none] = [await toFrame([decodeRun()]), await toFrame([])];
  expect(none.shape).toEqual([0, 20]);
  expect(none.columns).toEqual(some.columns);
  expect((await toSweepFrame([])).shape[0]).toBe(0);
});

test("a list of CPUs stays text through every change", async () => {
  const frame = await toFrame([decodeRun({ spec: { ...decodeRun().spec, cpus: "1" } })]);
  expect(frame.head(1).loc({ columns: ["cpus"] }).dtypes).toEqual(["string"]);
});

test("a user's frame mixes with a frame of runs", async () => {
  const sweep = await toSweepFrame([decodeAt(8), decodeAt(9)]);
  const prices = new DataFrame([{ model: "tiny", priceUsdPerHour: 2 }]);
  const both = merge({ left: sweep, right: prices, on: ["model"], how: "left" });
  expect(both.column("priceUsdPerHour").values).toEqual([2]);
  const longer = concat({ dfList: [sweep, new DataFrame([{ model: "mine", decodeTokensPerSecond: 3 }])], axis: 0 });
  expect(longer.column("decodeTokensPerSecond").values).toEqual([8.5, 3]);
});

test("runs of different engines say so in the frame and below its table", async () => {
  const frame = await toFrame([decodeRun(), decodeRun({ software: { ...software, engineDigest: "e2" } })]);
  expect(frame.caveats.map(({ code }) => code)).toEqual(["different-engines"]);
  const show = (frame as unknown as Record<symbol, () => Record<string, string>>)[Symbol.for("Jupyter.display")]!;
  const bundle = show.call(frame);
  expect(bundle["text/html"]).toContain("<p>⚠ ");
  expect(bundle["text/plain"]).toContain("⚠ ");
});
