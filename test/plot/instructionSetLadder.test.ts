import { expect, test } from "vitest";
import { instructionSetLadder } from "../../sdk/plot/index.ts";

const point = {
  model: "m",
  quant: "Q4_0",
  threadsCount: 1,
  build: "haswell",
  instructionSet: "AVX2",
  decodeTokensPerSecond: 80,
  decodeSpeedup: 4,
  decodeSpeedupLow: 3,
  decodeSpeedupHigh: 6,
  output: "same",
};

test("each rung is a bar with its interval, hatched where its output is suspect", () => {
  const { data } = instructionSetLadder([
    point,
    { ...point, instructionSet: "AMX", build: "sapphirerapids", output: "output-suspect", decodeSpeedupLow: null },
    { ...point, quant: null },
  ]);
  expect(data.map(({ name, x, y }) => ({ name, x, y }))).toEqual([
    { name: "m Q4_0, 1 thread", x: ["AVX2 (haswell)", "AMX (sapphirerapids)"], y: [4, 4] },
    { name: "m, 1 thread", x: ["AVX2 (haswell)"], y: [4] },
  ]);
  expect(data[0]!["error_y"]).toMatchObject({ array: [2, 2], arrayminus: [1, null] });
  expect(data[0]!["marker"]).toMatchObject({ pattern: { shape: ["", "/"] } });
});

test("a ladder of no rungs is refused", () => {
  expect(() => instructionSetLadder([])).toThrow(expect.objectContaining({ code: "no-points" }) as Error);
});
