import { readChunks, type StoredTensor, tensorTypeOf } from "../../model/index.ts";
import { CompressionError } from "../errors.ts";

/** How the rows of a stored tensor lie in its file; a vector has one number a row. */
export interface RowLayout {
  readonly rowsCount: number;
  readonly rowWeights: number;
  readonly rowBytes: number;
  readonly blockWeights: number;
  readonly blockBytes: number;
}

/** How the rows of a stored tensor lie in its file. */
export function rowLayoutOf({ dimensions, type }: Pick<StoredTensor, "dimensions" | "type">): RowLayout {
  const { blockWeights, blockBytes } = tensorTypeOf(type);
  const [rowWeights = 1, rowsCount = 1] = dimensions.length === 1 ? [1, dimensions[0]] : dimensions;
  return { rowsCount, rowWeights, rowBytes: (rowWeights / blockWeights) * blockBytes, blockWeights, blockBytes };
}

const chunkBytes = 2 ** 22;

/** The bytes of a tensor in turn, in pieces of whole rows. */
export function readRowChunks(tensor: StoredTensor): AsyncGenerator<Buffer> {
  const { rowBytes } = rowLayoutOf(tensor);
  return readChunks(tensor, Math.max(1, Math.floor(chunkBytes / rowBytes)) * rowBytes);
}

/** The number that 16 bits stand for in IEEE half precision. */
function halfOf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 0) return sign * fraction * 2 ** -14;
  return exponent === 31
    ? fraction === 0
      ? sign * Infinity
      : Number.NaN
    : sign * (1 + fraction) * 2 ** (exponent - 15);
}

const halves = Float32Array.from({ length: 2 ** 16 }, (_, bits) => halfOf(bits));

/** Writes the numbers of one block. */
type DecodeBlock = (block: DataView, numbers: Float32Array, at: number) => void;

const halfAt = (block: DataView, at: number): number => halves[block.getUint16(at, true)] ?? 0;

/**
 * The formats that importance is reckoned from.
 * @see https://github.com/ggml-org/ggml/blob/master/src/ggml-quants.c dequantize_row_q8_0, dequantize_row_q4_0
 */
const decoders: Readonly<Record<string, DecodeBlock>> = {
  F32: (block, numbers, at) => (numbers[at] = block.getFloat32(0, true)),
  F16: (block, numbers, at) => (numbers[at] = halfAt(block, 0)),
  BF16: (block, numbers, at) => {
    const wide = new DataView(new ArrayBuffer(4));
    wide.setUint16(2, block.getUint16(0, true), true);
    numbers[at] = wide.getFloat32(0, true);
  },
  Q8_0: (block, numbers, at) => {
    const scale = halfAt(block, 0);
    for (let index = 0; index < 32; index++) numbers[at + index] = scale * block.getInt8(2 + index);
  },
  Q4_0: (block, numbers, at) => {
    const scale = halfAt(block, 0);
    for (let index = 0; index < 16; index++) {
      const pair = block.getUint8(2 + index);
      numbers[at + index] = scale * ((pair & 15) - 8);
      numbers[at + index + 16] = scale * ((pair >> 4) - 8);
    }
  },
};

/**
 * The numbers of a tensor in turn, in pieces of whole rows.
 * @throws {CompressionError} `not-prunable` when its format is none that importance is reckoned from
 */
export async function* readNumbers(tensor: StoredTensor): AsyncGenerator<Float32Array> {
  const { blockWeights, blockBytes } = rowLayoutOf(tensor);
  const decode = decoders[tensor.type];
  if (decode === undefined) {
    const known = Object.keys(decoders).join(", ");
    const message = `${tensor.name} is stored in ${tensor.type}, and the weights that matter are found in ${known}. Prune the F16 file first, then quantize.`;
    throw new CompressionError("not-prunable", message, { facts: { name: tensor.name, type: tensor.type } });
  }
  for await (const chunk of readRowChunks(tensor)) {
    const numbers = new Float32Array((chunk.length / blockBytes) * blockWeights);
    for (let block = 0; block * blockBytes < chunk.length; block++) {
      const view = new DataView(chunk.buffer, chunk.byteOffset + block * blockBytes, blockBytes);
      decode(view, numbers, block * blockWeights);
    }
    yield numbers;
  }
}
