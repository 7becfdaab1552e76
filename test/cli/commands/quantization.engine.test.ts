import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesizeModel } from "numalab/model";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = join(import.meta.dirname, "../../../dist/sdk/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "numalab-quantization-"));
const run = (...args: string[]) =>
  spawnSync(process.execPath, [main, "model", ...args], { encoding: "utf8", cwd: folder });

const shape = {
  architecture: "llama",
  layersCount: 1,
  hiddenSize: 256,
  feedForwardSize: 512,
  headsCount: 4,
  kvHeadsCount: 2,
  vocabularyCount: 500,
} as const;

beforeAll(async () => {
  await synthesizeModel({ shape, quant: "F16", randomSeed: 1, path: join(folder, "m-f16.gguf") });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("a model is quantized beside the original, and compared with it", () => {
  const made = run("quantize", "m-f16.gguf", "--quant", "q4_k_m", "--override", "attn_v=q8_0", "--threads", "1");
  expect(made.stderr).toMatch(/^Q4_K_M: .* to .*m-q4_k_m\.gguf \(.* free\), 1 thread\n$/);
  expect(made.stdout).toContain("Q4_K_M; by bytes: Q4_K");
  expect(readdirSync(folder).toSorted()).toEqual(["m-f16.gguf", "m-q4_k_m.gguf"]);
  const compared = run("compare", "m-f16.gguf", "m-q4_k_m.gguf");
  expect(compared.stdout).toMatch(/\| blk\.0\.attn_v\.weight \| F16 \| Q8_0 \| [\d.]+ \| 100 \|/);
  expect(compared.stdout).toMatch(/as one: [\d.]+ dB of signal over quantization noise\n$/);
  const { tensors } = JSON.parse(run("compare", "m-f16.gguf", "m-q4_k_m.gguf", "--json").stdout) as {
    tensors: object[];
  };
  expect(tensors).toHaveLength(12);
});

test("wrong usage ends with 2 and a refusal with 1, each in a sentence", () => {
  const unknown = run("quantize", "m-f16.gguf", "--quant", "q4_9");
  expect([unknown.status, unknown.stderr]).toEqual([
    2,
    expect.stringContaining("no quantization q4_9. Pass one of F32"),
  ]);
  const malformed = run("quantize", "m-f16.gguf", "--quant", "q8_0", "--override", "attn_v");
  expect([malformed.status, malformed.stderr]).toEqual([2, expect.stringContaining("is not like attn_v=Q6_K")]);
  const again = run("quantize", "m-q4_k_m.gguf", "--quant", "q8_0");
  expect([again.status, again.stderr]).toEqual([1, expect.stringContaining("is quantized already")]);
});
