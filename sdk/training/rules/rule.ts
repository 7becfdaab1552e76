import { elementsCountOf } from "../../onnx/index.ts";
import type { Expression, Operation } from "../expression.ts";
import { reduceSum } from "../operations/reduction.ts";
import { reshape } from "../operations/shape.ts";

/** What a rule has beside the inputs of its operator. */
export interface Step {
  /** The value that the operator made. */
  readonly output: Operation;
  /** The gradient of the loss with respect to the output. */
  readonly gradient: Expression;
}

/** The gradients of the loss with respect to the first inputs of an operator; the others, such as indices, have none. */
export type Rule = (step: Step) => readonly Expression[];

/** The rule of an operator whose first input has a gradient. */
export const ofOne =
  (rule: (x: Expression, step: Step) => Expression): Rule =>
  (step) =>
    step.output.inputs.slice(0, 1).map((x) => rule(x, step));

/** A rule that needs the first two inputs of its operator. */
export const ofTwo =
  (rule: (a: Expression, b: Expression, step: Step) => readonly Expression[]): Rule =>
  (step) => {
    const [a, b] = step.output.inputs;
    return a === undefined || b === undefined ? [] : rule(a, b, step);
  };

/** The gradient of `value` from that of what it was broadcast to: the sum over the axes where it was repeated. */
export function sumTo(value: Expression, gradient: Expression): Expression {
  const lead = gradient.dimensions.length - value.dimensions.length;
  const axes = [...gradient.dimensions.keys()].filter(
    (axis) => gradient.dimensions[axis] !== value.dimensions[axis - lead],
  );
  return axes.length === 0 ? gradient : reshape(reduceSum(gradient, axes), value.dimensions);
}

/** All rows of x in one matrix. */
export function rowsOf(x: Expression): Expression {
  const columns = x.dimensions.at(-1) ?? 1;
  return x.dimensions.length === 2 ? x : reshape(x, [elementsCountOf(x.dimensions) / columns, columns]);
}
