import { constantOf, type Expression } from "../expression.ts";
import { operationOf } from "./operation.ts";

/** x with a size of 1 on each of the axes. */
const keptOf = (x: Expression, axes: readonly number[]) =>
  x.dimensions.map((size, axis) => (axes.includes(axis) ? 1 : size));

const allAxesOf = (x: Expression) => x.dimensions.map((_, axis) => axis);

/** The sums along the axes (default: all), whose sizes become 1. */
export function reduceSum(x: Expression, axes = allAxesOf(x)): Expression {
  return operationOf("ReduceSum", [x, constantOf(axes, "int64")], { dimensions: keptOf(x, axes) });
}

/** The means along the axes (default: all), whose sizes become 1. */
export function reduceMean(x: Expression, axes = allAxesOf(x)): Expression {
  return operationOf("ReduceMean", [x], { dimensions: keptOf(x, axes), attributes: { axes: { ints: axes } } });
}

const lastAxis = { axis: { int: -1 } };

/** Shares of 1 along the last axis. */
export function softmax(x: Expression): Expression {
  return operationOf("Softmax", [x], { dimensions: x.dimensions, attributes: lastAxis });
}

/** The logarithm of shares of 1 along the last axis. */
export function logSoftmax(x: Expression): Expression {
  return operationOf("LogSoftmax", [x], { dimensions: x.dimensions, attributes: lastAxis });
}

/** The variance below which a row is not magnified any more. */
export const normalizationEpsilon = 1e-5;

/** x brought to mean 0 and variance 1 along the last axis, then scaled and shifted. */
export function layerNormalization(x: Expression, scale: Expression, shift: Expression): Expression {
  const attributes = { ...lastAxis, epsilon: { float: normalizationEpsilon } };
  return operationOf("LayerNormalization", [x, scale, shift], { dimensions: x.dimensions, attributes });
}
