import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getLlama, type Llama, LlamaLogLevel } from "node-llama-cpp";
import { type ShapeSpec, synthesizeModel } from "numalab/model";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

const size = {
  layersCount: 4,
  hiddenSize: 256,
  feedForwardSize: 512,
  headsCount: 8,
  kvHeadsCount: 4,
  vocabularyCount: 512,
  contextTokensCount: 512,
};
const experts = { expertsCount: 12, expertsUsedCount: 4, expertFeedForwardSize: 256 };
const latent = { headSize: 48, rotarySize: 16, valueSize: 32, keyValueLatentSize: 64 };

const decoders: Record<string, ShapeSpec> = {
  llama: { ...size, architecture: "llama" },
  "llama with experts": { ...size, architecture: "llama", expertsCount: 8, expertsUsedCount: 2 },
  qwen2: { ...size, architecture: "qwen2" },
  qwen3: { ...size, architecture: "qwen3", headSize: 64, tiedEmbeddings: true },
  arcee: { ...size, architecture: "arcee" },
  gemma: { ...size, architecture: "gemma", headSize: 64, kvHeadsCount: 1 },
  gemma2: { ...size, architecture: "gemma2", headSize: 64, slidingWindowTokensCount: 64 },
  gemma3: { ...size, architecture: "gemma3", layersCount: 7, headSize: 64, slidingWindowTokensCount: 64 },
  phi2: { ...size, architecture: "phi2", kvHeadsCount: 8, rotarySize: 16 },
  phi3: { ...size, architecture: "phi3" },
  qwen2moe: { ...size, architecture: "qwen2moe", ...experts, sharedExpertsCount: 2 },
  qwen3moe: { ...size, architecture: "qwen3moe", headSize: 64, ...experts },
  deepseek2: { ...size, architecture: "deepseek2", ...latent, ...experts, sharedExpertsCount: 2, denseLayersCount: 1 },
  "deepseek2 of the third version": {
    ...size,
    architecture: "deepseek2",
    ...latent,
    queryLatentSize: 96,
    ...experts,
    sharedExpertsCount: 1,
    denseLayersCount: 2,
    expertGating: "sigmoid",
  },
};

const folder = mkdtempSync(join(tmpdir(), "numalab-architecture-"));
const complaints: string[] = [];
let llama: Llama;

beforeAll(async () => {
  const logger = (_level: LlamaLogLevel, message: string) => complaints.push(message);
  llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.warn, logger });
});
afterAll(async () => {
  await llama.dispose();
  rmSync(folder, { recursive: true });
});

async function loaded(shape: ShapeSpec, vocabulary: { readonly vocabulary?: string } = {}) {
  const own = await synthesizeModel({ shape, quant: "F16", randomSeed: 1, folder, force: true, ...vocabulary });
  expect(own.fileBytes).toBeLessThan(40e6);
  complaints.length = 0;
  const model = await llama.loadModel({ modelPath: own.path });
  onTestFinished(() => model.dispose());
  return { own, model };
}

const tokensCount = 256;

test.for(Object.entries(decoders))("%s generates 256 tokens of finite probabilities", async ([, shape]) => {
  const { own, model } = await loaded(shape);
  const context = await model.createContext({ contextSize: 512, threads: 1 });
  const sequence = context.getSequence();
  let next = [...model.tokenize("any text")];
  const entropies: number[] = [];
  for (let count = 0; count < tokensCount; count++) {
    const last = next.pop()!;
    const outputs = await sequence.controlledEvaluate([
      ...next,
      [last, { generateNext: { token: true, probabilities: true } }],
    ]);
    const { token, probabilities } = outputs.at(-1)!.next;
    const values = [...probabilities!.values()];
    expect(values.every((value) => Number.isFinite(value) && value > 0)).toBe(true);
    entropies.push(-values.reduce((total, value) => total + value * Math.log2(value), 0));
    next = [token!];
  }
  // Of 512 tokens: neither one that is certain, nor all alike.
  expect(Math.min(...entropies)).toBeGreaterThan(1);
  expect(Math.max(...entropies)).toBeLessThan(Math.log2(own.vocabularyCount) - 0.001);
  expect(complaints).toEqual([]);
});

test("bert gives a finite embedding", async () => {
  const { own, model } = await loaded({ ...size, kvHeadsCount: 8, architecture: "bert" });
  const context = await model.createEmbeddingContext({ threads: 1 });
  const [{ vector }, { vector: other }] = [
    await context.getEmbeddingFor("any text"),
    await context.getEmbeddingFor("another text"),
  ];
  expect(vector).toHaveLength(own.hiddenSize);
  expect(vector.every(Number.isFinite)).toBe(true);
  expect(new Set(vector).size).toBeGreaterThan(own.hiddenSize / 2);
  expect(vector).not.toEqual(other);
});

test("with the real vocabulary of phi-3, any text comes back from its tokens, of which there are few", async () => {
  const { own, model } = await loaded({ ...size, architecture: "llama" }, { vocabulary: "phi-3" });
  expect(own.vocabularyCount).toBe(32_064);
  const text = "The weights of this model are random, ünïcödé too";
  const tokens = model.tokenize(text);
  expect(tokens.length).toBeLessThan(text.length / 2);
  expect(model.detokenize(tokens).trim()).toBe(text);
});
