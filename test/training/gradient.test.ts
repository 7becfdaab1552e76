import { describe, expect, it } from "vitest";
import { constantOf, inputOf } from "../../sdk/training/expression.ts";
import { gradientsOf } from "../../sdk/training/gradient.ts";
import { add, equal, multiply, power } from "../../sdk/training/operations/elementwise.ts";
import { matMul } from "../../sdk/training/operations/product.ts";
import { reduceSum } from "../../sdk/training/operations/reduction.ts";
import { reshape, slice } from "../../sdk/training/operations/shape.ts";

const weight = inputOf("weight", "float32", [3, 4]);
const scalarOf = (x: Parameters<typeof reduceSum>[0]) => reshape(reduceSum(x), []);

describe("gradientsOf", () => {
  it("gives each weight a gradient of its own dimensions, also where it was broadcast", () => {
    const bias = inputOf("bias", "float32", [4]);
    const data = inputOf("data", "float32", [5, 2, 3]);
    const loss = scalarOf(add(matMul(data, weight), bias));
    expect(gradientsOf(loss, [weight, bias]).map(({ dimensions }) => dimensions)).toEqual([[3, 4], [4]]);
  });

  it("adds up what reaches a weight on two ways", () => {
    const [gradient] = gradientsOf(scalarOf(add(weight, multiply(weight, 2))), [weight]);
    expect(gradient).toMatchObject({ operator: "Add", dimensions: [3, 4] });
  });

  it("is 0 for a weight that the loss does not depend on", () => {
    const [gradient] = gradientsOf(scalarOf(weight), [inputOf("other", "float32", [2])]);
    expect(gradient).toMatchObject({
      operator: "Expand",
      dimensions: [2],
      inputs: [constantOf([0], "float32", []), {}],
    });
  });

  it("names the operator that has no rule", () => {
    const loss = scalarOf(power(weight, 3));
    expect(() => gradientsOf(loss, [weight])).toThrow(/^Pow lies between the loss and a weight/);
    expect(gradientsOf(add(loss, scalarOf(weight)), [])).toEqual([]);
  });

  it("asks no rule of what does not depend on a weight", () => {
    const isLarge = equal(inputOf("data", "float32", [3, 4]), 1);
    expect(gradientsOf(scalarOf(multiply(weight, isLarge)), [weight])).toHaveLength(1);
  });

  it("refuses a loss of several values", () => {
    expect(() => gradientsOf(slice(weight, 0, [0, 1]), [weight])).toThrow(/dimensions \[1, 4\]; needed is one value/);
  });
});
