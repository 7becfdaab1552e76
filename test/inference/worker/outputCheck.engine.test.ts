import { copyFileSync } from "node:fs";
import { open } from "node:fs/promises";
import type { Model } from "numalab/model";
import { beforeAll, expect, test } from "vitest";
import { startWhole, synthesizeTiny } from "../tinyEngine.ts";

let model: Model;

beforeAll(async () => {
  model = await synthesizeTiny("F16");
});

/** A copy of the model whose last norm is made of this number. */
async function withLastNorm(value: number): Promise<string> {
  const path = model.path.replace(".gguf", `-${value}.gguf`);
  copyFileSync(model.path, path);
  const { offsetBytes, bytes } = model.tensors.find(({ name }) => name === "output_norm.weight")!;
  await using file = await open(path, "r+");
  await file.write(new Float32Array(bytes / 4).fill(value), 0, bytes, offsetBytes);
  return path;
}

const factsOf = async (modelPath: string, spec: { readonly driver: "llama" | "llama-api" } = { driver: "llama" }) => {
  await using engine = await startWhole({ modelPath, ...spec });
  return engine.facts;
};

test("the same model repeats its digest, another has another, and the public calls have none", async () => {
  const { outputDigest, warnings } = await factsOf(model.path);
  expect(outputDigest).toMatch(/^[0-9a-f]{16}$/);
  expect(warnings).toEqual([]);
  expect((await factsOf(model.path)).outputDigest).toBe(outputDigest);
  expect((await factsOf((await synthesizeTiny("Q8_0")).path)).outputDigest).not.toBe(outputDigest);
  expect((await factsOf(model.path, { driver: "llama-api" })).outputDigest).toBeNull();
});

test.for([
  [NaN, /2000 of 2000 logits are not finite/],
  [0, /all 2000 logits are 0/],
] as const)("a model whose last norm is %d is suspect", async ([value, message]) => {
  const { warnings } = await factsOf(await withLastNorm(value));
  expect(warnings).toMatchObject([{ code: "output-suspect", message: expect.stringMatching(message) as string }]);
});

test("an engine with room for one token starts too", async () => {
  await using engine = await startWhole({ modelPath: model.path, driver: "llama", contextTokensCount: 1 });
  expect(engine.facts.outputDigest).toMatch(/^[0-9a-f]{16}$/);
});
