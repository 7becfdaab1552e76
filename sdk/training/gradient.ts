import { elementsCountOf } from "../onnx/index.ts";
import { TrainingError } from "./errors.ts";
import { constantOf, type Expression, type Operation, orderOf } from "./expression.ts";
import { add } from "./operations/elementwise.ts";
import { expand } from "./operations/shape.ts";
import { elementwiseRules } from "./rules/elementwise.ts";
import { productRules } from "./rules/product.ts";
import { reductionRules } from "./rules/reduction.ts";
import { shapeRules } from "./rules/shape.ts";

const rules = { ...elementwiseRules, ...shapeRules, ...productRules, ...reductionRules };

function gradientsOfInputs(output: Operation, gradient: Expression): readonly Expression[] {
  const rule = rules[output.operator];
  if (rule !== undefined) return rule({ output, gradient });
  const message = `${output.operator} lies between the loss and a weight and has no gradient here; known are ${Object.keys(rules).join(", ")}. Build the loss of these.`;
  throw new TrainingError("no-gradient", message, { facts: { operator: output.operator } });
}

/** The operations between the weights and the loss, the loss first. */
function pathOf(loss: Expression, weights: readonly Expression[]): readonly Operation[] {
  const moving = new Set(weights);
  const path = orderOf([loss]).filter((value): value is Operation => {
    const moves = value.kind === "operation" && !moving.has(value) && value.inputs.some((input) => moving.has(input));
    if (moves) moving.add(value);
    return moves;
  });
  return path.toReversed();
}

/**
 * The gradients of the loss with respect to each of the weights, as values to be computed (reverse mode): from the loss back, each
 * operator's rule gives the gradients of its inputs, and what reaches a value on several ways is added up.
 * @throws {TrainingError} `not-a-scalar`, `no-gradient` with the operator for which there is no rule
 */
export function gradientsOf(loss: Expression, weights: readonly Expression[]): readonly Expression[] {
  if (elementsCountOf(loss.dimensions) !== 1) {
    const message = `The loss has the dimensions [${loss.dimensions.join(", ")}]; needed is one value. Take its mean.`;
    throw new TrainingError("not-a-scalar", message, { facts: { dimensions: loss.dimensions } });
  }
  const one = constantOf([1], loss.type, []);
  const gradients = new Map<Expression, Expression>([[loss, expand(one, loss.dimensions)]]);
  for (const output of pathOf(loss, weights)) {
    const gradient = gradients.get(output);
    if (gradient === undefined) continue;
    const parts = gradientsOfInputs(output, gradient);
    output.inputs.forEach((input, index) => {
      const [part, known] = [parts[index], gradients.get(input)];
      if (part !== undefined) gradients.set(input, known === undefined ? part : add(known, part));
    });
  }
  return weights.map((weight) => gradients.get(weight) ?? expand(constantOf([0], weight.type, []), weight.dimensions));
}
