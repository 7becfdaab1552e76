import { expect, test } from "vitest";
import { batchFrontier } from "../../sdk/plot/index.ts";

const point = {
  model: "m",
  threadsCount: 2,
  batchSize: 4,
  tokensPerSecond: 80,
  lowTokensPerSecond: 78,
  highTokensPerSecond: 83,
  interTokenMedianSeconds: 0.05,
  interToken95Seconds: 0.06,
};

test("each batch size is a point of throughput against the time from token to token, named by its size", () => {
  const { data, layout } = batchFrontier([
    point,
    { ...point, batchSize: 1, tokensPerSecond: 40, interTokenMedianSeconds: 0.025 },
    { ...point, model: "n", tokensPerSecond: null },
  ]);
  expect(data.map(({ name, x, y, text }) => ({ name, x, y, text }))).toEqual([
    { name: "m, threads: 2", x: [25, 50], y: [40, 80], text: ["1", "4"] },
    { name: "n, threads: 2", x: [], y: [], text: [] },
  ]);
  expect(data[0]!["error_y"]).toMatchObject({ array: [43, 3] });
  expect(layout["xaxis"]).toMatchObject({ title: { text: expect.stringContaining("ms") as string } });
});

test("a frontier of no points is refused", () => {
  expect(() => batchFrontier([])).toThrow(expect.objectContaining({ code: "no-points" }) as Error);
});
