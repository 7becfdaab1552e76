import { oneHot } from "../operations/lookup.ts";
import { matMul } from "../operations/product.ts";
import { reshape, transpose } from "../operations/shape.ts";
import { ofOne, ofTwo, type Rule, rowsOf, sumTo } from "./rule.ts";

/** The order that undoes another. */
const inverseOf = (order: readonly number[]) => order.map((_, axis) => order.indexOf(axis));

/** The rules of operators that arrange elements anew. */
export const shapeRules: Readonly<Record<string, Rule>> = {
  Reshape: ofOne((x, { gradient }) => reshape(gradient, x.dimensions)),
  Expand: ofOne((x, { gradient }) => sumTo(x, gradient)),
  Transpose: ofOne((_, { gradient, output }) => {
    const { perm } = output.attributes;
    return transpose(gradient, inverseOf(perm !== undefined && "ints" in perm ? perm.ints : []));
  }),
  // Of a table of two axes. A product instead of a scatter: its sums have one order, whatever the number of threads.
  Gather: ofTwo((table, indices, { gradient }) => {
    const chosen = oneHot(indices, table.dimensions[0] ?? 0, table.type);
    return [matMul(transpose(rowsOf(chosen)), rowsOf(gradient))];
  }),
};
