import { elementsCountOf } from "../../onnx/index.ts";
import { constantOf, type Expression } from "../expression.ts";
import { misfit, operationOf } from "./operation.ts";

const integers = (values: readonly number[]) => constantOf(values, "int64");

/**
 * The same elements in other dimensions. A first size that stays is written as "as it is", so that the graph holds for
 * other sizes of a batch.
 */
export function reshape(x: Expression, dimensions: readonly number[]): Expression {
  if (elementsCountOf(x.dimensions) !== elementsCountOf(dimensions))
    throw misfit("Reshape", [x.dimensions, dimensions]);
  const written = dimensions.map((size, axis) => (axis === 0 && size === x.dimensions[0] ? 0 : size));
  return operationOf("Reshape", [x, integers(written)], { dimensions });
}

/** The axes in another order: axis `index` of the result is `order[index]` of x. Default: the last two change places. */
export function transpose(x: Expression, order: readonly number[] = swappedLast(x.dimensions.length)): Expression {
  const dimensions = order.map((axis) => x.dimensions[axis] ?? 1);
  return operationOf("Transpose", [x], { dimensions, attributes: { perm: { ints: order } } });
}

function swappedLast(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis));
}

/** x repeated along the axes where its size is 1 or absent. */
export function expand(x: Expression, dimensions: readonly number[]): Expression {
  return operationOf("Expand", [x, integers(dimensions)], { dimensions });
}

/** The elements from `start` up to, not including, `end` of one axis. */
export function slice(x: Expression, axis: number, [start, end]: readonly [number, number]): Expression {
  const dimensions = x.dimensions.with(axis, end - start);
  return operationOf("Slice", [x, integers([start]), integers([end]), integers([axis])], { dimensions });
}

/** The values one after the other along an axis. */
export function concat(values: readonly Expression[], axis: number): Expression {
  const size = values.reduce((sum, value) => sum + (value.dimensions[axis] ?? 0), 0);
  const dimensions = values[0]?.dimensions.with(axis, size) ?? [size];
  return operationOf("Concat", values, { dimensions, attributes: { axis: { int: axis } } });
}
