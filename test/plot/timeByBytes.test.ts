import { expect, test } from "vitest";
import { timeByBytes } from "../../sdk/plot/index.ts";

const form = {
  form: "Q8_0",
  readBytesPerToken: 200 * 2 ** 20,
  tokensPerSecond: 50,
  lowTokensPerSecond: 40,
  highTokensPerSecond: 100,
  bandwidthBytesPerSecond: 2 ** 20 * 20_000,
};
const half = { ...form, form: "Q4_0", readBytesPerToken: 100 * 2 ** 20 };

test("each form is a point of its time against its bytes, over the line that the bandwidth draws from the origin", () => {
  const [line, points] = timeByBytes([form, { ...half, tokensPerSecond: null }]).data;
  expect(line).toMatchObject({ x: [0, 200], y: [0, 10] });
  expect(points).toMatchObject({ x: [200], y: [20], text: ["Q8_0"] });
  expect(points!["error_y"]).toMatchObject({ array: [5], arrayminus: [10] });
});

test("without a measured bandwidth there is no line", () => {
  expect(timeByBytes([{ ...form, bandwidthBytesPerSecond: null }]).data).toHaveLength(1);
});

test("forms without a speed are refused", () => {
  const refused = expect.objectContaining({ code: "no-points" }) as Error;
  expect(() => timeByBytes([{ ...form, tokensPerSecond: null }])).toThrow(refused);
});
