import { type Tensor, tensorBytesOf } from "../onnx/index.ts";
import { seededRandom, shuffle } from "../stats/index.ts";

/** Data of a task: tensors with one row for each example, such as `tokens` and `labels`. */
export type Examples = readonly Tensor[];

/** The number of examples. */
export function examplesCountOf(examples: Examples): number {
  return examples[0]?.dimensions[0] ?? 0;
}

function rowsOf(tensor: Tensor, rowIndexes: readonly number[]): Tensor {
  const rowDimensions = tensor.dimensions.slice(1);
  const rowBytes = tensorBytesOf(tensor.type, rowDimensions);
  const data = new Uint8Array(rowIndexes.length * rowBytes);
  rowIndexes.forEach((row, index) => {
    data.set(tensor.data.subarray(row * rowBytes, (row + 1) * rowBytes), index * rowBytes);
  });
  return { ...tensor, dimensions: [rowIndexes.length, ...rowDimensions], data };
}

/** The examples at these places. */
function examplesAt(examples: Examples, rowIndexes: readonly number[]): Examples {
  return examples.map((tensor) => rowsOf(tensor, rowIndexes));
}

/** The examples from `start` up to, not including, `end`. */
export function examplesBetween(examples: Examples, start: number, end: number): Examples {
  return examplesAt(
    examples,
    Array.from({ length: end - start }, (_, index) => start + index),
  );
}

/** Batches without end: all examples in a random order, then in another one. What does not fill a batch waits for the next order. */
export function* batchesOf(examples: Examples, batchSize: number, randomSeed: number): Generator<Examples, never> {
  const random = seededRandom(randomSeed);
  const rowIndexes = [...Array(examplesCountOf(examples)).keys()];
  for (;;) {
    const order = shuffle(rowIndexes, random);
    for (let start = 0; start + batchSize <= order.length; start += batchSize) {
      yield examplesAt(examples, order.slice(start, start + batchSize));
    }
  }
}
