import { buildEncoder } from "numalab/onnx";
import { expect, test } from "vitest";
import { distanceOf, integers, realsOf, runGraph } from "./session.ts";

const spec = {
  layersCount: 2,
  hiddenSize: 32,
  feedForwardSize: 64,
  headsCount: 4,
  vocabularyCount: 100,
  positionsCount: 16,
  randomSeed: 1,
};

const inputs = (ids: readonly number[], mask: readonly number[]) => ({
  input_ids: integers(ids),
  attention_mask: integers(mask),
  token_type_ids: integers(ids.map(() => 0)),
});

test("an encoder gives states of a sane size for each token, and does not see tokens that are masked", async () => {
  const [whole, longer] = await runGraph(
    buildEncoder(spec),
    inputs([5, 6, 7], [1, 1, 1]),
    inputs([5, 6, 7, 8, 9], [1, 1, 1, 0, 0]),
  );
  const states = realsOf(whole?.["last_hidden_state"]);
  expect(whole?.["last_hidden_state"]?.dims).toEqual([1, 3, 32]);
  expect(whole?.["pooler_output"]?.dims).toEqual([1, 32]);
  expect(distanceOf(states, realsOf(longer?.["last_hidden_state"]))).toBeLessThan(1e-5);
  const meanSquare = states.reduce((sum, value) => sum + value * value, 0) / states.length;
  expect(meanSquare).toBeGreaterThan(0.5);
  expect(meanSquare).toBeLessThan(2);
});
