import { type StoredTensor, type TensorSource, tensorTypeOf } from "../../model/index.ts";
import { CompressionError } from "../errors.ts";
import { readRowChunks, rowLayoutOf } from "./numbers.ts";

/** A stretch of places that are kept, the last not included. */
type Run = readonly [from: number, to: number];

/** Places in rising order as stretches without gaps. */
function runsOf(places: readonly number[]): readonly Run[] {
  const starts = places.filter((place, at) => places[at - 1] !== place - 1);
  const ends = places.filter((place, at) => places[at + 1] !== place + 1);
  return starts.map((from, at) => [from, (ends[at] ?? from) + 1]);
}

/** A tensor with only some of its outputs, in rising order; of a vector, with only some of its numbers. */
export function keepRows(tensor: StoredTensor, rows: readonly number[]): TensorSource {
  const { name, dimensions, type } = tensor;
  const { rowBytes } = rowLayoutOf(tensor);
  const runs = runsOf(rows);
  async function* chunks(): AsyncGenerator<Buffer> {
    let first = 0;
    for await (const chunk of readRowChunks(tensor)) {
      const last = first + chunk.length / rowBytes;
      for (const [from, to] of runs) {
        const [begin, end] = [Math.max(from, first) - first, Math.min(to, last) - first];
        if (begin < end) yield chunk.subarray(begin * rowBytes, end * rowBytes);
      }
      first = last;
    }
  }
  return { name, dimensions: [...dimensions.slice(0, -1), rows.length], type: tensorTypeOf(type), chunks };
}

/** The blocks that hold the columns, when these are all columns of their blocks. */
function blocksOf(tensor: StoredTensor, columns: readonly number[]): readonly number[] {
  const { blockWeights } = rowLayoutOf(tensor);
  const blocks = columns.filter((column) => column % blockWeights === 0).map((column) => column / blockWeights);
  const isWhole = blocks.flatMap((block) => Array.from({ length: blockWeights }, (_, at) => block * blockWeights + at));
  if (isWhole.length === columns.length && isWhole.every((column, at) => column === columns[at])) return blocks;
  const found = `${tensor.name} packs ${blockWeights} inputs of a row in one block of ${tensor.type}`;
  const message = `${found}, and the ${columns.length} to keep are not whole blocks. Prune the F16 file first, then quantize.`;
  throw new CompressionError("needs-whole-blocks", message, { facts: { name: tensor.name, blockWeights } });
}

/**
 * A tensor with only some of its inputs, in rising order.
 * @throws {CompressionError} `needs-whole-blocks`
 */
export function keepColumns(tensor: StoredTensor, columns: readonly number[]): TensorSource {
  const { name, dimensions, type } = tensor;
  const { rowBytes, blockBytes } = rowLayoutOf(tensor);
  const blocks = blocksOf(tensor, columns);
  const runs = runsOf(blocks).map(([from, to]): Run => [from * blockBytes, to * blockBytes]);
  async function* chunks(): AsyncGenerator<Buffer> {
    for await (const chunk of readRowChunks(tensor)) {
      const rowsCount = chunk.length / rowBytes;
      const kept = Buffer.allocUnsafe(rowsCount * blocks.length * blockBytes);
      let at = 0;
      for (let row = 0; row < rowsCount; row++) {
        for (const [from, to] of runs) at += chunk.copy(kept, at, row * rowBytes + from, row * rowBytes + to);
      }
      yield kept;
    }
  }
  return { name, dimensions: [columns.length, ...dimensions.slice(1)], type: tensorTypeOf(type), chunks };
}
