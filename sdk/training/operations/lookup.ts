import type { ElementType } from "../../onnx/index.ts";
import { constantOf, type Expression } from "../expression.ts";
import { cast, equal } from "./elementwise.ts";
import { operationOf } from "./operation.ts";
import { reshape } from "./shape.ts";

/** The rows of `table` that `indices` name. */
export function gather(table: Expression, indices: Expression): Expression {
  return operationOf("Gather", [table, indices], { dimensions: [...indices.dimensions, ...table.dimensions.slice(1)] });
}

/** For each index a row with a 1 at it, and 0 elsewhere. */
export function oneHot(indices: Expression, rowSize: number, type: ElementType): Expression {
  const column = reshape(indices, [...indices.dimensions, 1]);
  return cast(equal(column, constantOf([...Array(rowSize).keys()], "int64")), type);
}
