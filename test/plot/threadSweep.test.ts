import { expect, test } from "vitest";
import { threadSweep, type SweepRow } from "../../sdk/plot/index.ts";
import { sweepRow } from "./sweepRows.ts";

const one: SweepRow = {
  ...sweepRow,
  threadsCount: 1,
  decodeTokensPerSecond: 22,
  decodeLowTokensPerSecond: null,
  decodeHighTokensPerSecond: null,
  warnings: "Steal time was 3.1 % of the run.\nThe quota throttled <it> twice.",
};

const compact = (rows: readonly SweepRow[]) =>
  threadSweep(rows).data.map(({ name, mode, x, y, yaxis = "y", showlegend = true }) =>
    JSON.stringify([name, mode, x, y, yaxis, showlegend ? "in legend" : "not in legend"]),
  );

test("a sweep is decode with its ceiling and prefill, points in order of threads, shared marks in the legend once", () => {
  expect(compact([sweepRow, one])).toMatchInlineSnapshot(`
    [
      "["qwen2.5-0.5b Q8_0 (synthetic weights)","lines",[0.9523809523809523,1,2,2.1,2.1,2,1,0.9523809523809523],[42,42,42,42,46,46,46,46],"y","not in legend"]",
      "["qwen2.5-0.5b Q8_0 (synthetic weights)","lines",[0.9523809523809523,1,2,2.1],[44,44,44,44],"y","not in legend"]",
      "["qwen2.5-0.5b Q8_0 (synthetic weights)","lines+markers",[1,2],[22,36],"y","in legend"]",
      "["qwen2.5-0.5b Q8_0 (synthetic weights)","lines+markers",[1,2],[118,118],"y2","not in legend"]",
      "["bandwidth ceiling of decode, with its interval","lines",[null],[null],"y","in legend"]",
      "["has warnings (listed on hover)","markers",[null],[null],"y","in legend"]",
    ]
  `);
});

test("a ceiling is one horizontal line over the band of its interval, for one thread count too", () => {
  const [band, line] = threadSweep([sweepRow]).data;
  expect(line).toMatchObject({ x: [2 / 1.05, 2, 2 * 1.05], y: [44, 44, 44] });
  expect(line!["hovertext"]).toBe("bandwidth ceiling 44 tokens/s, interval 42–46 tokens/s");
  expect(band).toMatchObject({ fill: "toself", y: [42, 42, 42, 46, 46, 46] });
  const sure = { ...sweepRow, bandwidthLowBytesPerSecond: 22e9, bandwidthHighBytesPerSecond: 22e9 };
  expect(threadSweep([sure]).data.filter((trace) => "fill" in trace)).toEqual([]);
});

test("thread counts behind another binding have a ceiling of their own", () => {
  const wide = { ...sweepRow, threadsCount: 4, bandwidthBytesPerSecond: 44e9, ceilingTokensPerSecond: 88 };
  const lines = threadSweep([sweepRow, wide]).data.filter(({ mode, fill }) => mode === "lines" && fill === undefined);
  expect(lines.slice(0, 2).map(({ y }) => y)).toEqual([
    [44, 44, 44],
    [88, 88, 88],
  ]);
});

test("intervals are drawn from the estimate, and a missing one has no length", () => {
  const decode = threadSweep([sweepRow, one]).data.find(({ mode }) => mode === "lines+markers")!;
  expect(decode["error_y"]).toMatchObject({ array: [null, 0.5], arrayminus: [null, 1] });
});

test("a point with warnings looks different and lists them, shown literally", () => {
  const decode = threadSweep([sweepRow, one]).data.find(({ mode }) => mode === "lines+markers")!;
  expect(decode["marker"]).toMatchObject({ symbol: ["diamond", "circle"] });
  expect(decode["hovertext"]).toMatchInlineSnapshot(`
    [
      "1 thread: 22 tokens/s<br>no interval<br>5 repetitions<br>81.8 % of the most that any thread count read<br>⚠ Steal time was 3.1 % of the run.<br>⚠ The quota throttled &lt;it> twice.",
      "2 threads: 36 tokens/s<br>95 % interval 35–36.5 tokens/s<br>5 repetitions<br>81.8 % of the most that any thread count read",
    ]
  `);
});

test("axes are labelled with units and ticked at the measured thread counts", () => {
  const { layout } = threadSweep([1, 2, 4, 8, 12, 16].map((threadsCount) => ({ ...sweepRow, threadsCount })));
  expect(layout["xaxis"]).toMatchObject({ type: "log", tickvals: [1, 2, 4, 8, 12, 16], title: { text: "Threads" } });
  expect(layout["yaxis"]).toMatchObject({ title: { text: "Decode (tokens/s)" }, rangemode: "tozero" });
  expect(layout["yaxis2"]).toMatchObject({ title: { text: "Prefill (tokens/s)" } });
});

test("ticks that would run into each other are left out, never the last", () => {
  const { layout } = threadSweep([15, 16, 30, 31, 32].map((threadsCount) => ({ ...sweepRow, threadsCount })));
  expect(layout["xaxis"]).toMatchObject({ tickvals: [16, 32] });
});

test("without prefill there is one panel", () => {
  const { layout, data } = threadSweep([{ ...sweepRow, prefillTokensPerSecond: null }]);
  expect(layout).not.toHaveProperty("yaxis2");
  expect(data.filter((trace) => trace["yaxis"] === "y2")).toEqual([]);
});

test("models differ in colour, and each model's ceiling has its own", () => {
  const { data } = threadSweep([sweepRow, { ...sweepRow, quant: null, synthetic: false }]);
  const colors = data.slice(0, 8).map((trace) => [trace["name"], (trace["line"] as { color: string }).color]);
  expect(new Set(colors.map(String))).toEqual(
    new Set(["qwen2.5-0.5b Q8_0 (synthetic weights),#0072B2", "qwen2.5-0.5b,#D55E00"]),
  );
});

test("a DataFrame is taken by its columns and values, NaN as missing", () => {
  const columns = Object.keys(sweepRow);
  const values = [
    columns.map((name) => (name === "ceilingTokensPerSecond" ? Number.NaN : sweepRow[name as keyof SweepRow])),
  ];
  const figure = threadSweep({ columns, values });
  expect(figure.data.map(({ name }) => name)).toEqual(Array(2).fill("qwen2.5-0.5b Q8_0 (synthetic weights)"));
});

test("rows without any speed are left out, and the figure says how many", () => {
  const empty = { ...sweepRow, decodeTokensPerSecond: null, prefillTokensPerSecond: null };
  expect(JSON.stringify(threadSweep([sweepRow, empty]).layout["title"])).toContain("Not drawn: 1 of 2 rows");
  expect(() => threadSweep([empty])).toThrow(expect.objectContaining({ code: "no-points" }) as Error);
});

test("a table without a needed column, or with the wrong thing in it, is refused by name", () => {
  const { warnings, ...rest } = sweepRow;
  expect(() => threadSweep([rest as SweepRow])).toThrow(/no column "warnings"/);
  expect(() => threadSweep([{ ...sweepRow, threadsCount: "2" } as unknown as SweepRow])).toThrow(
    'column "threadsCount" holds "2" where a number is needed',
  );
  expect(warnings).toBe("");
});
