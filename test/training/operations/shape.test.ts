import { describe, expect, it } from "vitest";
import { inputOf } from "../../../sdk/training/expression.ts";
import { add } from "../../../sdk/training/operations/elementwise.ts";
import { gather } from "../../../sdk/training/operations/lookup.ts";
import { matMul } from "../../../sdk/training/operations/product.ts";
import { reduceMean } from "../../../sdk/training/operations/reduction.ts";
import { concat, reshape, slice, transpose } from "../../../sdk/training/operations/shape.ts";

const x = inputOf("x", "float32", [2, 3, 4]);

describe("the dimensions of operations", () => {
  it.each([
    ["a transposition", transpose(x), [2, 4, 3]],
    ["a transposition of all axes", transpose(x, [2, 0, 1]), [4, 2, 3]],
    ["a slice", slice(x, 1, [1, 3]), [2, 2, 4]],
    ["a concatenation", concat([x, x], 1), [2, 6, 4]],
    ["a mean", reduceMean(x, [1]), [2, 1, 4]],
    ["a lookup", gather(x, inputOf("rows", "int64", [5])), [5, 3, 4]],
    ["a broadcast product", matMul(x, inputOf("y", "float32", [4, 6])), [2, 3, 6]],
    ["a broadcast sum", add(inputOf("y", "float32", [3, 1]), x), [2, 3, 4]],
  ])("of %s are known before it runs", (_, { dimensions }, expected) => {
    expect(dimensions).toEqual(expected);
  });

  it.each([
    ["Reshape", () => reshape(x, [5, 5])],
    ["MatMul", () => matMul(x, x)],
    ["Add", () => add(x, inputOf("y", "float32", [2]))],
  ])("that do not fit are refused by %s, with both shapes", (operator, refused) => {
    expect(refused).toThrow(new RegExp(`^${operator} cannot be applied to \\[2, 3, 4\\] and `));
  });
});
