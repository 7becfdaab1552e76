import { elementTypeIds, type ElementType } from "../../onnx/index.ts";
import { constantOf, type Expression } from "../expression.ts";
import { misfit, operationOf } from "./operation.ts";

/** The dimensions of both after broadcasting: aligned at the last, a size of 1 is repeated. */
export function broadcastOf(operator: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, index) => {
    const left = a.at(index - rank) ?? 1;
    const right = b.at(index - rank) ?? 1;
    if (left !== right && left !== 1 && right !== 1) throw misfit(operator, [a, b]);
    return left === 1 ? right : left;
  });
}

const unary = (operator: string) => (x: Expression) => operationOf(operator, [x], { dimensions: x.dimensions });

const binary = (operator: string, type?: ElementType) => (a: Expression, b: Expression | number) => {
  const second = typeof b === "number" ? constantOf([b], a.type, []) : b;
  const dimensions = broadcastOf(operator, a.dimensions, second.dimensions);
  return operationOf(operator, [a, second], { dimensions, type: type ?? a.type });
};

/** a + b, broadcast. */
export const add = binary("Add");
/** a − b, broadcast. */
export const subtract = binary("Sub");
/** a · b, element by element, broadcast. */
export const multiply = binary("Mul");
/** a / b, broadcast. */
export const divide = binary("Div");
/** a to the power of b, which is a number; broadcast. */
export const power = binary("Pow");
/** Whether a = b, broadcast. */
export const equal = binary("Equal", "bool");
/** Whether a > b, broadcast. */
export const greater = binary("Greater", "bool");
/** −x. */
export const negate = unary("Neg");
/** e to the power of x. */
export const exp = unary("Exp");
/** The natural logarithm. */
export const log = unary("Log");
/** The square root. */
export const sqrt = unary("Sqrt");
/** The error function. */
export const erf = unary("Erf");
/** The hyperbolic tangent. */
export const tanh = unary("Tanh");
/** x where it is above 0, else 0. */
export const relu = unary("Relu");

/** x in another element type. */
export function cast(x: Expression, type: ElementType): Expression {
  const to = elementTypeIds.get(type) ?? 0;
  return operationOf("Cast", [x], { dimensions: x.dimensions, type, attributes: { to: { int: to } } });
}

/** x · Φ(x), with the distribution function Φ of the normal distribution, by the error function. */
export function gelu(x: Expression): Expression {
  return multiply(multiply(x, add(erf(divide(x, Math.SQRT2)), 1)), 0.5);
}
