import { cast, divide, exp, greater, multiply, negate, subtract } from "../operations/elementwise.ts";
import { ofOne, ofTwo, type Rule, sumTo } from "./rule.ts";

/** The rules of operators that work element by element. */
export const elementwiseRules: Readonly<Record<string, Rule>> = {
  Add: ofTwo((a, b, { gradient }) => [sumTo(a, gradient), sumTo(b, gradient)]),
  Sub: ofTwo((a, b, { gradient }) => [sumTo(a, gradient), sumTo(b, negate(gradient))]),
  Mul: ofTwo((a, b, { gradient }) => [sumTo(a, multiply(gradient, b)), sumTo(b, multiply(gradient, a))]),
  Div: ofTwo((a, b, { gradient, output }) => [
    sumTo(a, divide(gradient, b)),
    sumTo(b, negate(divide(multiply(gradient, output), b))),
  ]),
  Neg: ofOne((_, { gradient }) => negate(gradient)),
  Exp: ofOne((_, { gradient, output }) => multiply(gradient, output)),
  Log: ofOne((x, { gradient }) => divide(gradient, x)),
  Sqrt: ofOne((_, { gradient, output }) => divide(multiply(gradient, 0.5), output)),
  Erf: ofOne((x, { gradient }) => multiply(gradient, multiply(exp(negate(multiply(x, x))), 2 / Math.sqrt(Math.PI)))),
  Tanh: ofOne((_, { gradient, output }) => subtract(gradient, multiply(gradient, multiply(output, output)))),
  Relu: ofOne((x, { gradient }) => multiply(gradient, cast(greater(x, 0), x.type))),
  Cast: ofOne((x, { gradient }) => cast(gradient, x.type)),
};
