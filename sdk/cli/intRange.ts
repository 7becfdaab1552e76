import { InvalidArgumentError } from "commander";

const rangePattern = /^(\d+)(?:-(\d+)(?:([+*])(\d+))?)?$/;

/** A range that never ends, or that no one meant. */
const mostValuesCount = 1000;

function valuesOf(range: string, text: string): number[] {
  const [, first, last = first, operator = "+", step = "1"] = rangePattern.exec(range) ?? [];
  if (first === undefined) {
    throw new InvalidArgumentError(`"${text}" is not like 1,2,4 or 1-8 or 8-64+8 or 1-64*2.`);
  }
  if (Number(last) < Number(first)) throw new InvalidArgumentError(`The range "${range}" does not rise.`);
  const values: number[] = [];
  const next = (value: number): number => (operator === "+" ? value + Number(step) : value * Number(step));
  for (let value = Number(first); value <= Number(last); value = next(value)) {
    if (values.push(value) > mostValuesCount || next(value) <= value)
      throw new InvalidArgumentError(`The range "${range}" does not rise, or has more than ${mostValuesCount} values.`);
  }
  return values;
}

/**
 * Reads whole numbers as llama-bench does: between commas, or as `first-last`, `first-last+step`, `first-last*factor`.
 * @throws {InvalidArgumentError} with what was found
 */
export function intRange(text: string): number[] {
  return text.split(",").flatMap((range) => valuesOf(range, text));
}
