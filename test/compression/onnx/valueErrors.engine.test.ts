import { quantizeBlocks, quantizeDynamic, valueErrors } from "numalab/compression";
import { planNativeInstance } from "numalab/inference";
import { describe, expect, it } from "vitest";
import { sentence, smallEncoder } from "../smallGraphs.ts";

const original = smallEncoder();
const samples = [sentence(), sentence()];
const instance = await planNativeInstance(1);

async function sqnrOf(quantized: { readonly graph: typeof original }): Promise<number> {
  const [output] = await valueErrors({ original, other: quantized.graph }, { samples, instance });
  return output!.sqnrDecibels!;
}

describe("errors of a quantized graph on samples", () => {
  it("are shown of each layer", async () => {
    const { graph: other, layers } = quantizeDynamic(original);
    const values = layers.map(({ output }) => output);
    const errors = await valueErrors({ original, other }, { samples, instance }, values);
    expect(errors.map(({ value }) => value)).toEqual(values);
    for (const { sqnrDecibels, cosine } of errors) {
      expect(sqnrDecibels).toBeGreaterThan(25);
      expect(cosine).toBeGreaterThan(0.999);
    }
  });

  it("are smaller with more bits, and in the order of theory", async () => {
    const [int8, seven] = [
      await sqnrOf(quantizeDynamic(original)),
      await sqnrOf(quantizeDynamic(original, { weightBits: 7 })),
    ];
    const [w8, int4] = [await sqnrOf(quantizeBlocks(original, { bits: 8 })), await sqnrOf(quantizeBlocks(original))];
    expect(int8).toBeGreaterThan(30);
    expect(seven).toBeLessThan(int8);
    expect(w8).toBeGreaterThan(30);
    expect(int4).toBeGreaterThan(8);
    expect(int4).toBeLessThan(w8 - 12);
  });

  it("vanish but for rounding where the kernel computes in float32 what the file restores", async () => {
    const exact = quantizeBlocks(original, { bits: 4, blockSize: 16, isSymmetric: false, accuracyLevel: 1 });
    const rounded = quantizeBlocks(original, { bits: 4, blockSize: 16, isSymmetric: false });
    const [output] = await valueErrors({ original: exact.graph, other: rounded.graph }, { samples, instance });
    expect(output!.sqnrDecibels).toBeGreaterThan(30);
  });

  it("need samples that fit, and graphs of one origin", async () => {
    const { graph: other } = quantizeDynamic(original);
    await expect(valueErrors({ original, other }, { samples: [], instance })).rejects.toMatchObject({
      code: "bad-samples",
    });
    const lacking = samples[0]!.slice(1);
    await expect(valueErrors({ original, other }, { samples: [lacking], instance })).rejects.toMatchObject({
      code: "invalid-request",
    });
    await expect(valueErrors({ original, other }, { samples, instance }, ["nowhere"])).rejects.toMatchObject({
      code: "no-such-value",
    });
  });
});
