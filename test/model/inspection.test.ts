import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { inspectModel, type InspectionSpec } from "../../sdk/model/inspection.ts";
import { synthesizeModel } from "../../sdk/model/synthesis.ts";
import { codeOf, type entries, smallShape, temporaryFolder, tensor, writeGguf } from "./fixtures.ts";

const table = tensor("token_embd.weight", [64, 10], "F16");

type Metadata = Parameters<typeof entries>[0];

/** A model of an architecture with 12 layers, 4 heads and 2 for keys and values, of 32 numbers each. */
function inspectShape(architecture: string, values: Metadata, spec: InspectionSpec = {}) {
  const least = {
    block_count: 12,
    embedding_length: 128,
    "attention.head_count": 4,
    "attention.head_count_kv": 2,
    ...values,
  };
  const keys = Object.entries(least).map(([key, value]) => [`${architecture}.${key}`, value] as const);
  const metadata: Metadata = { "general.architecture": architecture, ...Object.fromEntries(keys) };
  return inspectModel(writeGguf(join(temporaryFolder(), "m.gguf"), metadata, [table]), spec);
}

/** Keys and values of two heads of 32 numbers, in F16. */
const layerBytes = 2 * 2 * 32 * 2;

test("types and parts of a model sum up to its weights", async () => {
  const { path } = await synthesizeModel({
    shape: smallShape,
    quant: "Q8_0",
    randomSeed: 1,
    folder: temporaryFolder(),
  });
  const { types, parts, tensors, memory } = await inspectModel(path);
  const weightsBytes = tensors.reduce((total, { bytes }) => total + bytes, 0);
  for (const shares of [types, parts]) {
    expect(shares.reduce((total, { bytes }) => total + bytes, 0)).toBe(weightsBytes);
    expect(shares.reduce((total, { bytesRatio }) => total + bytesRatio, 0)).toBeCloseTo(1, 12);
    expect(shares.reduce((total, { tensorsCount }) => total + tensorsCount, 0)).toBe(tensors.length);
  }
  expect(types.map(({ type, bitsPerWeight }) => [type, bitsPerWeight])).toEqual([
    ["Q8_0", 8.5],
    ["F32", 32],
  ]);
  expect(parts.map(({ part }) => part).sort()).toEqual(["attention", "embedding", "feed-forward", "output"]);
  expect(memory).toMatchObject({ contextTokensCount: 128, weightsBytes });
});

describe("the cache of a model", () => {
  test("is counted for each number format, unless its rows are not whole blocks", async () => {
    const { kvBytesPerTokenByFormat } = await inspectShape("llama", {});
    expect(kvBytesPerTokenByFormat).toMatchObject({
      f32: 24 * layerBytes,
      f16: 12 * layerBytes,
      bf16: 12 * layerBytes,
    });
    expect(kvBytesPerTokenByFormat.q8_0).toBe((12 * layerBytes * 34) / 64);
    expect(kvBytesPerTokenByFormat.iq4_nl).toBe(kvBytesPerTokenByFormat.q4_0);
    const narrow = await inspectShape("llama", { "attention.key_length": 8 });
    expect(narrow.kvBytesPerTokenByFormat).toMatchObject({ q8_0: null, q4_0: null });
    expect((await inspectShape("llama", { "attention.key_length": 8 }, { cacheFormat: "q8_0" })).memory).toMatchObject({
      kvBytes: null,
      totalBytes: null,
    });
  });

  test.for<[string, Metadata, number]>([
    ["gemma3", { "attention.sliding_window": 512 }, 10],
    ["gemma2", { "attention.sliding_window": 512 }, 6],
    ["gemma3", { "attention.sliding_window": 512, "attention.sliding_window_pattern": 3 }, 8],
    ["phi3", { "attention.sliding_window": 512 }, 0],
  ])("of %s with %o has sliding layers", async ([architecture, values, slidingLayersCount]) => {
    const inspection = await inspectShape(architecture, values, { contextTokensCount: 8192 });
    expect(inspection.slidingLayersCount).toBe(slidingLayersCount);
    const { kvBytes, slidingKvBytes } = inspection.memory;
    expect(kvBytes).toBe(12 * 8192 * layerBytes);
    expect(slidingKvBytes).toBe(((12 - slidingLayersCount) * 8192 + slidingLayersCount * 1024) * layerBytes);
  });

  test("of latent attention keeps one key for all heads, and no values", async () => {
    const latent = {
      "attention.head_count_kv": 1,
      "attention.key_length": 576,
      "attention.value_length": 512,
      "attention.key_length_mla": 192,
      "attention.value_length_mla": 128,
    };
    expect((await inspectShape("deepseek2", latent)).kvBytesPerToken).toBe(12 * 576 * 2);
  });

  test("holds nothing for layers that use that of others", async () => {
    const { kvBytesPerToken } = await inspectShape("gemma3n", { "attention.shared_kv_layers": 4 });
    expect(kvBytesPerToken).toBe(8 * layerBytes);
  });
});

test("what cannot be reckoned with is refused", async () => {
  expect(await codeOf(inspectShape("llama", {}, { contextTokensCount: 0 }))).toBe("bad-spec");
  expect(await codeOf(inspectShape("llama", {}, { cacheFormat: "q3_k" as "f16" }))).toBe("bad-spec");
});
