import { expect, test } from "vitest";
import { readCatalogue } from "../../sdk/catalogue/index.ts";
import { tensorTypes } from "../../sdk/model/tensorType.ts";
import { tensor } from "./fixtures.ts";
import { tensorBytesOf } from "../../sdk/model/tensorType.ts";

test("blocks are as large as the catalogue of formats says", async () => {
  const published = (await readCatalogue("quantTypes")).filter((row) => row.format === "GGUF");
  expect(published.length).toBeGreaterThan(25);
  for (const { type, blockWeightsCount, blockBytes } of published) {
    const { blockWeights, blockBytes: ownBytes } = tensor("", [], type).type;
    expect([type, blockWeights, ownBytes]).toEqual([type, blockWeightsCount, blockBytes]);
  }
});

test("no number and no name comes twice", () => {
  const types = [...tensorTypes.values()];
  expect(new Set(types.map(({ name }) => name)).size).toBe(types.length);
  for (const [id, type] of tensorTypes) expect(type.id).toBe(id);
});

test("a tensor takes its blocks", () => {
  expect(tensorBytesOf(tensor("w", [64, 3], "Q4_0"))).toBe(2 * 3 * 18);
  expect(tensorBytesOf(tensor("w", [64, 3], "F32"))).toBe(64 * 3 * 4);
});
