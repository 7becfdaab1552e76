import { elementsCountOf } from "../../onnx/index.ts";
import type { Expression } from "../expression.ts";
import { add, divide, exp, multiply, sqrt, subtract } from "../operations/elementwise.ts";
import { normalizationEpsilon, reduceMean, reduceSum } from "../operations/reduction.ts";
import { expand } from "../operations/shape.ts";
import { ofOne, ofTwo, type Rule, sumTo } from "./rule.ts";

const lastOf = (x: Expression) => [x.dimensions.length - 1];

/** x without its mean, and its standard deviation, along the last axis. */
function standardized(x: Expression): { normalized: Expression; deviation: Expression } {
  const centered = subtract(x, reduceMean(x, lastOf(x)));
  const variance = reduceMean(multiply(centered, centered), lastOf(x));
  const deviation = sqrt(add(variance, normalizationEpsilon));
  return { normalized: divide(centered, deviation), deviation };
}

/** The rules of operators that look along an axis. */
export const reductionRules: Readonly<Record<string, Rule>> = {
  ReduceSum: ofOne((x, { gradient }) => expand(gradient, x.dimensions)),
  ReduceMean: ofOne((x, { gradient, output }) => {
    const meanedCount = elementsCountOf(x.dimensions) / elementsCountOf(output.dimensions);
    return expand(divide(gradient, meanedCount), x.dimensions);
  }),
  Softmax: ofOne((x, { gradient, output }) => {
    const weighted = multiply(gradient, output);
    return subtract(weighted, multiply(output, reduceSum(weighted, lastOf(x))));
  }),
  LogSoftmax: ofOne((x, { gradient, output }) =>
    subtract(gradient, multiply(exp(output), reduceSum(gradient, lastOf(x)))),
  ),
  LayerNormalization: ofTwo((x, scale, { gradient }) => {
    const { normalized, deviation } = standardized(x);
    const scaled = multiply(gradient, scale);
    const along = multiply(normalized, reduceMean(multiply(scaled, normalized), lastOf(x)));
    const ofInput = divide(subtract(subtract(scaled, reduceMean(scaled, lastOf(x))), along), deviation);
    return [ofInput, sumTo(scale, multiply(gradient, normalized)), sumTo(scale, gradient)];
  }),
};
