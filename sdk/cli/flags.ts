import { type Command, InvalidArgumentError } from "commander";
import { parseQuantity, UnitsError } from "../units/index.ts";

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
 * Reads a share, `1/8` or `0.125`.
 * @throws {InvalidArgumentError} with what was found
 */
export function share(text: string): number {
  const [, above = "", below = "1"] = /^(\d+(?:\.\d+)?)(?:\/([1-9]\d*))?$/.exec(text) ?? [];
  const value = above === "" ? Number.NaN : Number(above) / Number(below);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError(`"${text}" is not a share such as 1/8.`);
}

/**
 * Reads a whole number from 1, or a share below it.
 * @throws {InvalidArgumentError} with what was found
 */
export function countOrShare(text: string): number {
  return text.includes("/") || text.includes(".") ? share(text) : wholeNumber(1)(text);
}

/**
 * Reads `1,2,4` as a list of whole numbers of at least `minimum`.
 * @throws {InvalidArgumentError} with what was found
 */
export function wholeNumbers(minimum: number): (text: string) => number[] {
  const read = wholeNumber(minimum);
  return (text) => [...new Set(text.split(",").map(read))].sort((a, b) => a - b);
}

/** More than anything that is counted here. */
const longestRange = 100_000;

/**
 * Reads `1.5GiB` as a number of bytes.
 * @throws {InvalidArgumentError} with what was found
 */
export function byteQuantity(text: string): number {
  try {
    return parseQuantity(text, "Bytes");
  } catch (error) {
    throw new InvalidArgumentError(error instanceof UnitsError ? error.message : String(error));
  }
}

/**
 * Reads a number of at least 0.
 * @throws {InvalidArgumentError} with what was found
 */
export function nonNegative(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError(`"${text}" is not a number of at least 0.`);
}

/** The options of `given` that were really set: an absent flag is an absent field. */
export function presentOf<Options extends object>(
  given: Options,
): { [Key in keyof Options]?: NonNullable<Options[Key]> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}

/**
 * Refuses flags that would say nothing here.
 * @throws {CommanderError} that names those which are given
 */
export function assertAbsent(command: Command, flags: readonly string[], reason: string): void {
  const given = flags.filter((flag) => !["default", undefined].includes(command.getOptionValueSource(flag)));
  if (given.length > 0) command.error(`error: --${given.join(", --")} ${reason}`);
}

/**
 * Reads `0-11,14` as a list of indices in rising order.
 * @throws {InvalidArgumentError} with what was found
 */
export function indexRanges(text: string): number[] {
  const indices = text.split(",").flatMap((range) => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range.trim()) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || to < from || to > longestRange) {
      throw new InvalidArgumentError(`"${text}" is not a list of indices like 0-11,14.`);
    }
    return Array.from({ length: to - from + 1 }, (_, at) => from + at);
  });
  return [...new Set(indices)].sort((a, b) => a - b);
}
