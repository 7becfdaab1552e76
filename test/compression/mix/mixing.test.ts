import { expect, test } from "vitest";
import { tensorGroupsOf } from "../../../sdk/compression/mix/groups.ts";
import { planMix } from "../../../sdk/compression/mix/mixing.ts";

const tensor = (name: string, ...dimensions: number[]) => ({ name, dimensions, type: "F16", bytes: 1, offsetBytes: 0 });

const tensors = [
  tensor("token_embd.weight", 256, 1000),
  tensor("blk.0.attn_norm.weight", 256),
  tensor("blk.0.attn_q.weight", 256, 256),
  tensor("blk.0.attn_k.weight", 256, 128),
  tensor("blk.0.ffn_up.weight", 256, 512),
  tensor("blk.1.ffn_up.weight", 256, 512),
  tensor("output.weight", 256, 1000),
];

test("attention and feed-forward net of each layer are groups, embeddings and output for themselves", () => {
  expect(tensorGroupsOf({ tensors }).map(({ name, tensorNames }) => [name, tensorNames.length])).toEqual([
    ["token_embd", 1],
    ["blk.0.attn", 2],
    ["blk.0.ffn", 1],
    ["blk.1.ffn", 1],
    ["output", 1],
  ]);
});

const groups = ["token_embd", "blk.0.ffn", "output"].map((name) => ({ name, tensorNames: [`${name}.weight`] }));
const rows = groups.flatMap(({ name: group }) => [
  { group, type: "Q4_0", bytes: 50, predictedDivergence: 0.2, probedDivergence: 0.2 },
  { group, type: "Q8_0", bytes: 100, predictedDivergence: group === "output" ? 0.01 : 0.001, probedDivergence: 0.2 },
]);
const measurement = { path: "m.gguf", groups, rows, otherBytes: 10 };
const typesOf = ({ rows: chosen }: ReturnType<typeof planMix>) => chosen.map(({ type }) => type);

test("a budget of the file goes where the model gains most", () => {
  const plan = planMix(measurement, { fileBytes: 260 });
  expect(typesOf(plan)).toEqual(["Q8_0", "Q8_0", "Q4_0"]);
  expect(plan.fileBytes).toBe(260);
  expect(plan.predictedDivergence).toBeCloseTo(0.202, 9);
});

test("a table of which a token reads one row costs nothing of what a token reads", () => {
  expect(typesOf(planMix(measurement, { bytesPerToken: 110 }))).toEqual(["Q8_0", "Q4_0", "Q4_0"]);
  const tied = { ...measurement, groups: groups.slice(0, 2) };
  expect(typesOf(planMix(tied, { bytesPerToken: 110 }))).toEqual(["Q4_0", "Q4_0"]);
});

test("a budget below the smallest mix is refused", () => {
  const planned = (fileBytes: number) => () => planMix(measurement, { fileBytes });
  expect(planned(159)).toThrow(expect.objectContaining({ code: "over-budget" }) as Error);
  expect(planned(Number.NaN)).toThrow(expect.objectContaining({ code: "bad-setting" }) as Error);
});
