import { join } from "node:path";
import { expect, test } from "vitest";
import { readModel } from "../../sdk/model/reading.ts";
import { leastMetadata, temporaryFolder, tensor, writeGguf } from "./fixtures.ts";

const table = tensor("token_embd.weight", [64, 10], "F16");
const output = tensor("output.weight", [64, 10], "Q8_0");
const layer = tensor("blk.0.attn_q.weight", [64, 64], "Q4_0");

async function bytesPerToken(tensors: Parameters<typeof writeGguf>[2], metadata: Parameters<typeof writeGguf>[1] = {}) {
  const path = writeGguf(join(temporaryFolder(), "m.gguf"), { ...leastMetadata, ...metadata }, tensors);
  return (await readModel(path)).bytesPerToken;
}

const layerBytes = (64 * 64 * 18) / 32;

test("a token reads every tensor once, but looks its row of the embedding table up", async () => {
  expect(await bytesPerToken([table, layer, output])).toBe(layerBytes + (640 * 34) / 32);
});

test("a tied embedding table is read as the output", async () => {
  expect(await bytesPerToken([table, layer])).toBe(layerBytes + 1280);
});

test("of the experts, a token reads those it goes through", async () => {
  const experts = tensor("blk.0.ffn_up_exps.weight", [64, 32, 8], "F16");
  const metadata = { "llama.expert_count": 8, "llama.expert_used_count": 2 };
  expect(await bytesPerToken([table, experts, output], metadata)).toBe((64 * 32 * 8 * 2 * 2) / 8 + (640 * 34) / 32);
});

test("an encoder reads no output and keeps no cache", async () => {
  const metadata = { ...leastMetadata, "llama.attention.causal": false };
  const model = await readModel(writeGguf(join(temporaryFolder(), "m.gguf"), metadata, [table, layer]));
  expect([model.bytesPerToken, model.kvBytesPerToken]).toEqual([layerBytes, 0]);
});
