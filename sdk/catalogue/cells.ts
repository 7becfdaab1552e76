import { z } from "zod";

/** A cell that holds something. */
export const text = z.string().min(1, "needed a text");

/** A cell with a whole number. */
export const count = z
  .string()
  .regex(/^\d+$/, "needed a whole number")
  .transform((digits) => Number(digits));

/** A cell with a decimal number. */
export const number = z
  .string()
  .regex(/^\d+(\.\d+)?$/, "needed a number")
  .transform((digits) => Number(digits));

/** A cell with a number of larger units, turned into a whole number of base units. */
export function times(factor: number) {
  return number.transform((value) => Math.round(value * factor));
}

/** A cell that may be empty, which is null. */
export function optional<Value>(cell: z.ZodType<Value, string>) {
  return z.preprocess((written) => (written === "" ? null : written), cell.nullable());
}

/** A cell with yes or no. */
export const yesOrNo = z.enum(["yes", "no"], "needed yes or no").transform((word) => word === "yes");

/** How far a row was checked against its maker's document. */
export const verified = z.enum(["yes", "partly", "no"], "needed yes, partly or no");

/** A year, or a quarter of one: 2023Q1. */
export const quarter = z.string().regex(/^\d{4}(Q[1-4])?$/, "needed a year, with a quarter where known");

/** A number of parameters as llama-bench prints it: 8.03 B. */
export const printedCount = z
  .string()
  .regex(/^\d+\.\d\d B$/, "needed a count such as 8.03 B")
  .transform((printed) => Math.round(Number.parseFloat(printed) * 1e9));
