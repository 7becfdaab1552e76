import { matMul } from "../operations/product.ts";
import { transpose } from "../operations/shape.ts";
import { ofTwo, type Rule, rowsOf, sumTo } from "./rule.ts";

/** The rules of matrix products. */
export const productRules: Readonly<Record<string, Rule>> = {
  MatMul: ofTwo((a, b, { gradient }) => {
    const ofLeft = sumTo(a, matMul(gradient, transpose(b)));
    // A weight that all of a batch share takes one product of all rows, not the sum of one product each.
    if (b.dimensions.length === 2) return [ofLeft, matMul(transpose(rowsOf(a)), rowsOf(gradient))];
    return [ofLeft, sumTo(b, matMul(transpose(a), gradient))];
  }),
};
