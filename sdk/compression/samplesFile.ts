import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type Tensor, tensorOf, type ValueInfo } from "../onnx/index.ts";
import { CompressionError } from "./errors.ts";

/** Where a line came from, for errors. */
interface Place {
  readonly path: string;
  readonly lineNumber: number;
}

function refuse(found: string, { path, lineNumber }: Place): never {
  const message = `Line ${lineNumber} of ${path} ${found}. Write a JSON object a line, with nested arrays of numbers for each input.`;
  throw new CompressionError("bad-samples", message, { facts: { path, lineNumber } });
}

/** The sizes of nested arrays, outermost first, read along the first elements. */
function dimensionsOf(numbers: unknown): number[] {
  return Array.isArray(numbers) ? [numbers.length, ...dimensionsOf(numbers[0])] : [];
}

function tensorOfNumbers(numbers: unknown, { name, type }: ValueInfo, place: Place): Tensor {
  if (!Array.isArray(numbers)) refuse(`has no array for the input ${name}`, place);
  const dimensions = dimensionsOf(numbers);
  const flat = numbers.flat(Infinity) as unknown[];
  const isEven = flat.length === dimensions.reduce((product, size) => product * size, 1);
  const isNumeric = flat.every((value) => typeof value === "number" && (type === "float32" || Number.isInteger(value)));
  if (!isEven || !isNumeric) refuse(`has rows of unequal length, or what is no ${type}, in ${name}`, place);
  const values = flat as number[];
  if (type === "float32") return tensorOf(name, Float32Array.from(values), dimensions);
  if (type === "int32") return tensorOf(name, Int32Array.from(values), dimensions);
  if (type === "int64") return tensorOf(name, BigInt64Array.from(values, BigInt), dimensions);
  return refuse(`cannot hold the input ${name}, which is ${type}`, place);
}

function parseLine(line: string, place: Place): Readonly<Record<string, unknown>> {
  try {
    const sample: unknown = JSON.parse(line);
    if (typeof sample === "object" && sample !== null) return sample as Record<string, unknown>;
  } catch {
    // said below
  }
  return refuse("is no JSON object", place);
}

/**
 * The samples of a file, one at a time: a line is a JSON object with nested arrays of numbers for each input.
 * @throws {CompressionError} `bad-samples`
 */
export async function* readSamples(path: string, inputs: readonly ValueInfo[]): AsyncGenerator<readonly Tensor[]> {
  let lineNumber = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      lineNumber++;
      if (line.trim() === "") continue;
      const place = { path, lineNumber };
      const sample = parseLine(line, place);
      yield inputs.map((input) => tensorOfNumbers(sample[input.name], input, place));
    }
  } catch (cause) {
    if (cause instanceof Error && "syscall" in cause) {
      throw new CompressionError("bad-samples", `${path} cannot be read: ${cause.message}. Name a readable file.`, {
        cause,
      });
    }
    throw cause;
  }
}
