import { createCipheriv, createHash } from "node:crypto";
import type { TensorSpec } from "./gguf.ts";
import { alignUp } from "./gguf.ts";
import { tensorBytesOf } from "./tensorType.ts";

/**
 * How random bits become weights: of every `stride` 16-bit words, the one at `place` keeps some random bits and has its
 * exponent set; the others stay as they are. In F16 and F32 that word is the weight, or its upper half; in a block format
 * it is the scale, and the rest are the quants.
 */
interface Recipe {
  readonly stride: number;
  readonly place: number;
  readonly keep: number;
  readonly set: number;
}

/** Chosen so that the root mean square of every format lies between 0.013 and 0.02, as in trained models. */
const matrixRecipes: Readonly<Record<string, Recipe>> = {
  // Sign, mantissa and the last bit of the exponent: magnitudes from 2^-7 to 2^-5.
  F16: { stride: 1, place: 0, keep: 0x87ff, set: 0x2000 },
  // Scales from 2^-13 to 2^-12, times -128 to 127.
  Q8_0: { stride: 17, place: 0, keep: 0x83ff, set: 0x0800 },
  // Scales from 2^-17 to 2^-16 of either sign, below the normal numbers, times -128 to 127, times -32 to 31.
  Q6_K: { stride: 105, place: 104, keep: 0x807f, set: 0x0080 },
  // Scales from 2^-9 to 2^-8 of either sign, times -8 to 7.
  Q4_0: { stride: 9, place: 0, keep: 0x83ff, set: 0x1800 },
};

/** Sign and mantissa: magnitudes from 2^-6 to 2^-5. */
const wholeMatrixRecipe: Recipe = { stride: 2, place: 1, keep: 0x807f, set: 0x3c80 };

/** From 0.5 to 1, as norms have. */
const normRecipe: Recipe = { stride: 2, place: 1, keep: 0x007f, set: 0x3f00 };

/** Magnitudes from 2^-7 to 2^-6. */
const biasRecipe: Recipe = { stride: 2, place: 1, keep: 0x807f, set: 0x3c00 };

const wordBytes = 2;

/** Small enough to come from the heap and stay in a cache: four times as much takes twice as long to write. */
const chunkBytes = 2 ** 20;

function recipeOf({ name, dimensions, type }: TensorSpec): Recipe {
  const matrixRecipe = dimensions.length > 1 ? (matrixRecipes[type.name] ?? wholeMatrixRecipe) : null;
  return matrixRecipe ?? (name.endsWith("_norm.weight") ? normRecipe : biasRecipe);
}

/** Endless random bytes, the same for the same seed: the key stream of AES-128 in counter mode. */
function randomBytesOf(randomSeed: number): (count: number) => Buffer {
  const key = createHash("sha256").update(`numalab weights ${randomSeed}`).digest().subarray(0, 16);
  const cipher = createCipheriv("aes-128-ctr", key, Buffer.alloc(16));
  const zeros = Buffer.alloc(chunkBytes);
  return (count) => cipher.update(zeros.subarray(0, count));
}

/** Two words at a time, where every word is a weight. */
function applyToAll(bytes: Buffer, { keep, set }: Recipe): void {
  const pairs = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / wordBytes / 2);
  const [keepPair, setPair] = [keep * 0x10001, set * 0x10001];
  for (let index = 0; index < pairs.length; index++) pairs[index] = ((pairs[index] as number) & keepPair) | setPair;
}

function applyRecipe(bytes: Buffer, recipe: Recipe): void {
  const { stride, place, keep, set } = recipe;
  if (stride === 1 && bytes.length % (2 * wordBytes) === 0) {
    applyToAll(bytes, recipe);
    return;
  }
  const words = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / wordBytes);
  for (let index = place; index < words.length; index += stride) words[index] = ((words[index] as number) & keep) | set;
}

/**
 * The bytes of all tensors in turn, each padded to the alignment, in chunks of 1 MiB at most. No chunk repeats another.
 * @see https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h for the blocks
 */
export function* weightsOf(tensors: readonly TensorSpec[], randomSeed: number): Generator<Buffer, void, void> {
  const randomBytes = randomBytesOf(randomSeed);
  for (const tensor of tensors) {
    const recipe = recipeOf(tensor);
    const bytes = tensorBytesOf(tensor);
    const wholeBlocks = chunkBytes - (chunkBytes % (recipe.stride * wordBytes));
    for (let done = 0; done < bytes; done += wholeBlocks) {
      const chunk = randomBytes(Math.min(wholeBlocks, bytes - done));
      applyRecipe(chunk, recipe);
      yield chunk;
    }
    if (alignUp(bytes) > bytes) yield Buffer.alloc(alignUp(bytes) - bytes);
  }
}
