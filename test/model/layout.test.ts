import { expect, test } from "vitest";
import { readCatalogue } from "../../sdk/catalogue/index.ts";
import { type SyntheticQuant, syntheticQuants, tensorSpecsOf } from "../../sdk/model/layout.ts";
import { readPreset } from "../../sdk/model/preset.ts";
import { planShape } from "../../sdk/model/shape.ts";
import { tensorBytesOf, weightsCountOf } from "../../sdk/model/tensorType.ts";
import { contentsOf, smallShape } from "./fixtures.ts";

function typesOf(change: Partial<typeof smallShape>, quant: SyntheticQuant) {
  const shape = planShape({ ...smallShape, layersCount: 1, ...change });
  const tensors = tensorSpecsOf(contentsOf({ name: "", shape }, quant));
  return new Map(tensors.map(({ name, type }) => [name, type.name]));
}

test("norms and biases are stored in F32, and the matrices of a layer in the mix's own format", () => {
  for (const quant of syntheticQuants) {
    const types = typesOf({ architecture: "qwen2" }, quant);
    const vectors = [...types].filter(([name]) => /norm|bias/.test(name)).map(([, type]) => type);
    expect(new Set(vectors)).toEqual(new Set(["F32"]));
    expect(types.get("blk.0.ffn_down.weight")).toBe(quant);
  }
});

test.for([
  [{ hiddenSize: 256 }, "Q4_0", ["Q4_0", "Q6_K"]],
  [{ hiddenSize: 256, tiedEmbeddings: true }, "Q4_0", ["Q6_K", undefined]],
  [{ hiddenSize: 128 }, "Q4_0", ["Q4_0", "Q8_0"]],
  [{ hiddenSize: 128, tiedEmbeddings: true }, "Q4_0", ["Q8_0", undefined]],
  [{ hiddenSize: 80 }, "Q4_0", ["F16", "F16"]],
  [{ hiddenSize: 256 }, "Q8_0", ["Q8_0", "Q8_0"]],
  [{ hiddenSize: 80, tiedEmbeddings: true }, "Q8_0", ["F16", undefined]],
  [{ hiddenSize: 256 }, "F16", ["F16", "F16"]],
] as const)("with %o the table and output of %s are %j", ([change, quant, expected]) => {
  const types = typesOf(change, quant);
  expect([types.get("token_embd.weight"), types.get("output.weight")]).toEqual(expected);
});

test("published files of the same model and mix have as many bits a weight", async () => {
  const published = await readCatalogue("quantFileSizes");
  const known = ["Llama-3.1-8B", "Llama-2-7B", "Qwen2.5-3B"];
  const compared = published.filter(({ model, mix }) => known.includes(model) && /^Q[48]_0$/.test(mix));
  expect(compared).toHaveLength(4);
  for (const { model, mix, effectiveWeightBits } of compared) {
    const tensors = tensorSpecsOf(contentsOf(await readPreset(model), mix as SyntheticQuant));
    const bits = 8 * tensors.reduce((total, tensor) => total + tensorBytesOf(tensor), 0);
    const weightsCount = tensors.reduce((total, { dimensions }) => total + weightsCountOf(dimensions), 0);
    expect(bits / weightsCount / effectiveWeightBits, `${model} ${mix}`).toBeGreaterThan(0.99);
    expect(bits / weightsCount / effectiveWeightBits, `${model} ${mix}`).toBeLessThan(1.01);
  }
});
