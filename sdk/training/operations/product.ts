import type { Expression } from "../expression.ts";
import { broadcastOf } from "./elementwise.ts";
import { misfit, operationOf } from "./operation.ts";

/** The matrix product of the last two axes; the axes before them are broadcast. */
export function matMul(a: Expression, b: Expression): Expression {
  const [rows, inner] = a.dimensions.slice(-2);
  const [depth, columns] = b.dimensions.slice(-2);
  if (rows === undefined || columns === undefined || inner !== depth)
    throw misfit("MatMul", [a.dimensions, b.dimensions]);
  const batch = broadcastOf("MatMul", a.dimensions.slice(0, -2), b.dimensions.slice(0, -2));
  return operationOf("MatMul", [a, b], { dimensions: [...batch, rows, columns] });
}
