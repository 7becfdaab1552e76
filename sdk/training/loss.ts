import { type Expression, inputOf } from "./expression.ts";
import { divide, exp, multiply, negate, subtract } from "./operations/elementwise.ts";
import { oneHot } from "./operations/lookup.ts";
import { logSoftmax, reduceMean, reduceSum } from "./operations/reduction.ts";
import { reshape } from "./operations/shape.ts";
import type { Losses } from "./step.ts";

const meanOfRows = (x: Expression) => reshape(reduceMean(reduceSum(x, [1])), []);

/** The mean of −log of the probability that logits (rows × classes) give to the right class of each row. */
export function crossEntropy(logits: Expression, labels: Expression): Expression {
  const right = oneHot(labels, logits.dimensions[1] ?? 1, logits.type);
  return negate(meanOfRows(multiply(right, logSoftmax(logits))));
}

/** The mean Kullback–Leibler divergence of what logits say from what other logits say, both divided by a temperature. */
export function divergence(reference: Expression, logits: Expression, temperature: number): Expression {
  const expected = logSoftmax(divide(reference, temperature));
  const found = logSoftmax(divide(logits, temperature));
  return meanOfRows(multiply(exp(expected), subtract(expected, found)));
}

/** The loss of learning from labels, an input `labels` with one class for each row of logits. */
export function labelLosses(logits: Expression): Losses {
  return { loss: crossEntropy(logits, inputOf("labels", "int64", logits.dimensions.slice(0, 1))) };
}
