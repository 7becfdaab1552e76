import { describe, expect, test } from "vitest";
import { readCatalogue } from "../../sdk/catalogue/index.ts";
import { readHeader } from "../../sdk/model/header.ts";
import { hyperparametersOf } from "../../sdk/model/hyperparameters.ts";
import { tensorSpecsOf } from "../../sdk/model/layout.ts";
import { headerOf } from "../../sdk/model/plan.ts";
import { readPreset, readPresets } from "../../sdk/model/preset.ts";
import { cacheBytesOf, cacheShapeOf } from "../../sdk/model/cache.ts";
import { bytesPerTokenOf } from "../../sdk/model/sizes.ts";
import { weightsCountOf } from "../../sdk/model/tensorType.ts";
import { codeOf, contentsOf, sourceOf } from "./fixtures.ts";

async function publishedModel(name: string) {
  return (await readCatalogue("models")).find((row) => row.name === name)!;
}

test("every model of the catalogue but the image network can be synthesized, to a thousandth of its parameters", async () => {
  const [presets, rows] = [await readPresets(), await readCatalogue("models")];
  expect(presets.map(({ name }) => name)).toEqual(
    rows.filter(({ family }) => family !== "cnn").map(({ name }) => name),
  );
  for (const { name, shape } of presets) {
    const tensors = tensorSpecsOf({ shape, quant: "Q4_0" });
    const count = tensors.reduce((total, { dimensions }) => total + weightsCountOf(dimensions), 0);
    const { parametersCount } = await publishedModel(name);
    expect(Math.abs(count / parametersCount - 1), `${name}: ${count}`).toBeLessThan(0.001);
  }
});

test.for(["qwen2.5-0.5b", "tinyllama-1.1b", "mistral-nemo-12b", "llama-3.2-1b", "mixtral-8x7b", "deepseek-v2-lite"])(
  "the file of %s reads and caches as many bytes a token as published",
  async (called) => {
    const { name, shape } = await readPreset(called);
    const bytes = headerOf(contentsOf({ name, shape }, "F16"));
    const header = await readHeader({ ...sourceOf(bytes), bytes: 2 ** 40 });
    const row = await publishedModel(name);
    expect(cacheBytesOf(cacheShapeOf(header, hyperparametersOf(header)), "f16")).toBe(row.kvBytesPerToken);
    const readBytes = bytesPerTokenOf(header.tensors, hyperparametersOf(header));
    const vectors = header.tensors.filter(({ type }) => type === "F32");
    expect(readBytes - vectors.reduce((total, { bytes }) => total + bytes / 2, 0)).toBe(row.readParametersCount * 2);
  },
);

test("of eight experts, a token of Mixtral reads the two that it goes through", async () => {
  const attention = 2 * 4096 * 4096 + 2 * 4096 * 1024;
  const layer = attention + 2 * 3 * 4096 * 14_336 + 4096 * 8 + 2 * 4096;
  expect((await publishedModel("Mixtral-8x7B")).readParametersCount).toBe(32 * layer + 4096 + 4096 * 32_000);
});

test("the architecture is the published one, down to what changes neither size nor speed", async () => {
  expect((await readPreset("QWEN2.5-0.5B")).shape).toMatchObject({
    architecture: "qwen2",
    layersCount: 24,
    hiddenSize: 896,
    feedForwardSize: 4864,
    headsCount: 14,
    kvHeadsCount: 2,
    headSize: 64,
    vocabularyCount: 151936,
    contextTokensCount: 32768,
    tiedEmbeddings: true,
    ropeBase: 1_000_000,
    normEpsilon: 1e-6,
  });
  expect((await readPreset("tinyllama-1.1b")).shape).toMatchObject({
    ropeBase: 10_000,
    normEpsilon: 1e-5,
    tiedEmbeddings: false,
  });
  expect((await readPreset("llama-3.1-8b")).shape).toMatchObject({ architecture: "llama", ropeBase: 500_000 });
});

describe("a preset is called by its name", () => {
  test("in any case, and without the words before a dash", async () => {
    const { name } = await readPreset("r1-distill-qwen-7b");
    expect(name).toBe("DeepSeek-R1-Distill-Qwen-7B");
    expect((await readPreset("deepseek-R1-distill-qwen-7b")).name).toBe(name);
  });

  test("that no other has", async () => {
    expect(await codeOf(readPreset("gpt-9"))).toBe("no-such-preset");
    expect(await codeOf(readPreset("7b"))).toBe("no-such-preset");
    await expect(readPreset("resnet-50")).rejects.toThrow("ResNet-50 is a cnn that GGUF has no architecture for");
    await expect(readPreset("7b")).rejects.toThrow(/^\d+ presets have the name 7b\. Pass one of tinyllama-1\.1b, /);
  });
});
