import { expect, test } from "vitest";
import { bandwidthCurve } from "../../sdk/plot/index.ts";

const point = {
  series: "read",
  threadsCount: 2,
  bandwidthBytesPerSecond: 20e9,
  lowBytesPerSecond: 19e9,
  highBytesPerSecond: 21e9,
  warnings: "",
};

test("bandwidth is drawn in GB/s with its interval, a line a series", () => {
  const { data, layout } = bandwidthCurve([
    point,
    { ...point, threadsCount: 1, bandwidthBytesPerSecond: 12e9 },
    { ...point, series: "triad" },
  ]);
  expect(data.map(({ name, x, y }) => ({ name, x, y }))).toEqual([
    { name: "read", x: [1, 2], y: [12, 20] },
    { name: "triad", x: [2], y: [20] },
  ]);
  expect(data[1]!["error_y"]).toMatchObject({ array: [1], arrayminus: [1] });
  expect(data[1]!["hovertext"]).toEqual(["2 threads: 20 GB/s<br>95 % interval 19–21 GB/s"]);
  expect(layout["yaxis"]).toMatchObject({ title: { text: "Bandwidth (GB/s)" } });
});

test("a curve of no points is refused", () => {
  expect(() => bandwidthCurve([])).toThrow(expect.objectContaining({ code: "no-points" }) as Error);
});
