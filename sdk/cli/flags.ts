import { InvalidArgumentError } from "commander";

/**
 * Reads a whole number of at least `minimum`.
 * @throws {InvalidArgumentError} with what was found
 */
export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isInteger(value) && value >= minimum) return value;
    throw new InvalidArgumentError(`"${text}" is not a whole number of at least ${minimum}.`);
  };
}

/**
 * Reads `1,2,4` as a list of whole numbers of at least `minimum`.
 * @throws {InvalidArgumentError} with what was found
 */
export function wholeNumbers(minimum: number): (text: string) => number[] {
  const read = wholeNumber(minimum);
  return (text) => [...new Set(text.split(",").map(read))].sort((a, b) => a - b);
}

/** The options of `given` that were really set: an absent flag is an absent field. */
export function presentOf<Options extends object>(
  given: Options,
): { [Key in keyof Options]?: NonNullable<Options[Key]> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}
