import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { TensorSpec } from "../../sdk/model/gguf.ts";
import { shortened } from "../../sdk/model/cut.ts";
import { syntheticQuants, tensorSpecsOf } from "../../sdk/model/layout.ts";
import { readPresets } from "../../sdk/model/preset.ts";
import { type ModelShape, planShape } from "../../sdk/model/shape.ts";
import { weightsOf } from "../../sdk/model/weights.ts";
import { tensor } from "./fixtures.ts";

const bytesOf = (spec: TensorSpec, seed = 1) => Buffer.concat([...weightsOf([spec], seed)]);

function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = (bits & 0x3ff) / 1024;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

/** The 256 weights of a block: the low 4 bits of all, their high 2 bits, a scale for every 16, and the scale of those. */
function q6kOf(block: Buffer): number[] {
  const scale = halfOf(block.readUInt16LE(208));
  return Array.from({ length: 256 }, (_, index) => {
    const [half, quarter, place] = [index >> 7, (index >> 5) & 3, index & 31];
    const low = (block[64 * half + 32 * (quarter & 1) + place]! >> (quarter < 2 ? 0 : 4)) & 15;
    const high = (block[128 + 32 * half + place]! >> (2 * quarter)) & 3;
    return scale * block.readInt8(192 + (index >> 4)) * (low + 16 * high - 32);
  });
}

/** The weights that ggml would compute with. */
const decoders: Record<string, (bytes: Buffer) => number[]> = {
  F16: (bytes) => Array.from({ length: bytes.length / 2 }, (_, index) => halfOf(bytes.readUInt16LE(2 * index))),
  Q8_0: (bytes) =>
    Array.from({ length: bytes.length / 34 }, (_, block) => {
      const scale = halfOf(bytes.readUInt16LE(34 * block));
      return Array.from({ length: 32 }, (_, index) => scale * bytes.readInt8(34 * block + 2 + index));
    }).flat(),
  Q6_K: (bytes) => Array.from({ length: bytes.length / 210 }, (_, block) => q6kOf(bytes.subarray(210 * block))).flat(),
  Q4_0: (bytes) =>
    Array.from({ length: bytes.length / 18 }, (_, block) => {
      const scale = halfOf(bytes.readUInt16LE(18 * block));
      const pairs = [...bytes.subarray(18 * block + 2, 18 * block + 18)];
      return pairs.flatMap((pair) => [scale * ((pair & 15) - 8), scale * ((pair >> 4) - 8)]);
    }).flat(),
  F32: (bytes) => Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(4 * index)),
};

const meanOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;

describe.for(["F16", "Q8_0", "Q6_K", "Q4_0"])("matrices in %s", (type) => {
  const weights = decoders[type]!(bytesOf(tensor("blk.0.attn_q.weight", [512, 512], type)));

  test("vary around zero as much as trained ones do", () => {
    expect(Math.abs(meanOf(weights))).toBeLessThan(0.0005);
    const rootMeanSquare = Math.sqrt(meanOf(weights.map((weight) => weight ** 2)));
    expect(rootMeanSquare).toBeGreaterThan(0.01);
    expect(rootMeanSquare).toBeLessThan(0.025);
  });

  test("hold no weight that is not a number, or far away", () => {
    expect(weights.every((weight) => Math.abs(weight) < 0.1)).toBe(true);
  });
});

test("matrices in F32, and vectors that are no norms, lie around zero", () => {
  for (const spec of [
    tensor("blk.0.ffn_gate_inp.weight", [64, 64], "F32"),
    tensor("ffn_gate_inp_shexp.weight", [4096], "F32"),
  ]) {
    const weights = decoders["F32"]!(bytesOf(spec));
    expect(Math.abs(meanOf(weights))).toBeLessThan(0.001);
    expect(Math.max(...weights.map(Math.abs))).toBeLessThan(2 ** -5);
  }
});

test("norms lie near one and biases near zero", () => {
  const norms = decoders["F32"]!(bytesOf(tensor("blk.0.attn_norm.weight", [4096], "F32")));
  expect([Math.min(...norms) >= 0.5, Math.max(...norms) < 1]).toEqual([true, true]);
  const biases = decoders["F32"]!(bytesOf(tensor("blk.0.attn_q.bias", [4096], "F32")));
  expect(Math.max(...biases.map(Math.abs))).toBeLessThan(2 ** -6);
  expect(Math.abs(meanOf(biases))).toBeLessThan(0.001);
});

test("no page repeats another, across chunks and tensors", () => {
  const pages = new Set<string>();
  let count = 0;
  const tensors = [tensor("a.weight", [1024, 6000], "Q4_0"), tensor("b.weight", [1024, 3000], "F16")];
  const bytes = Buffer.concat([...weightsOf(tensors, 1)]);
  for (let at = 0; at < bytes.length; at += 4096, count++) {
    pages.add(
      createHash("sha1")
        .update(bytes.subarray(at, at + 4096))
        .digest("base64"),
    );
  }
  expect(pages.size).toBe(count);
});

test("the same seed gives the same bytes, another seed others", () => {
  const square = tensor("w", [256, 256], "Q4_0");
  const digest = (seed: number) => createHash("sha256").update(bytesOf(square, seed)).digest("hex");
  expect(digest(1)).toBe(digest(1));
  expect(digest(2)).not.toBe(digest(1));
  expect(digest(1)).toMatchInlineSnapshot(`"d854f9213acbfe96de984c255bf3042ad02e4cb72683095b7c57cb3a4948168a"`);
});

test.for(syntheticQuants)(
  "of every architecture, one seed gives one digest in %s, and no two the same",
  async (quant) => {
    const digests = new Set<string>();
    const presets = [...new Map((await readPresets()).map((preset) => [preset.shape.architecture, preset])).values()];
    const shapes = presets.map(({ name, shape }) => shortened({ name, fileStem: name, shape }, 1).shape);
    const digestOf = (shape: ModelShape, seed: number) => {
      const hash = createHash("sha256");
      const tensors = tensorSpecsOf({ shape: planShape({ ...shape, vocabularyCount: 300 }), quant });
      const rows = tensors.map((spec) => ({ ...spec, dimensions: [spec.dimensions[0]!, 8] }));
      for (const chunk of weightsOf(rows, seed)) hash.update(chunk);
      return hash.digest("hex");
    };
    for (const shape of shapes) {
      expect(digestOf(shape, 1)).toBe(digestOf(shape, 1));
      digests.add(digestOf(shape, 1)).add(digestOf(shape, 2));
    }
    expect(digests.size).toBe(2 * shapes.length);
  },
);

test("tensors are padded to 32 bytes", () => {
  const chunks = [...weightsOf([tensor("a", [3], "F32"), tensor("b", [8], "F32")], 1)];
  expect(chunks.map((chunk) => chunk.length)).toEqual([12, 20, 32]);
});
