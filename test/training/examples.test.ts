import { expect, it } from "vitest";
import { float32Of, tensorOf } from "../../sdk/onnx/index.ts";
import { batchesOf, type Examples, examplesBetween } from "../../sdk/training/examples.ts";

const examples: Examples = [
  tensorOf("value", Float32Array.of(0, 1, 2, 3, 4)),
  tensorOf("row", new Float32Array(10), [5, 2]),
];
const valuesOf = (batch = examples) => [...float32Of(batch[0]!)];

it("batches hold whole rows, each example once in an order", () => {
  const batches = batchesOf(examples, 2, 1);
  const first = [batches.next().value, batches.next().value];
  expect(first.map((batch) => batch.map(({ dimensions }) => dimensions))).toEqual([[[2], [2, 2]], [[2], [2, 2]]]); // prettier-ignore
  expect(new Set(first.flatMap(valuesOf)).size).toBe(4);
});

it("the order of batches is that of the seed", () => {
  const orderOf = (randomSeed: number) => valuesOf(batchesOf(examples, 5, randomSeed).next().value);
  expect(orderOf(1)).toEqual(orderOf(1));
  expect(orderOf(1)).not.toEqual(orderOf(2));
});

it("examples between two places are those", () => {
  expect(valuesOf(examplesBetween(examples, 1, 3))).toEqual([1, 2]);
});
