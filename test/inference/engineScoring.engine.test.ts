import { compareDistributions, type Engine } from "numalab/inference";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWhole, synthesizeTiny } from "./tinyEngine.ts";

let engine: Engine;
let coarseEngine: Engine;

beforeAll(async () => {
  const { path: modelPath } = await synthesizeTiny("F16");
  engine = await startWhole({ modelPath, driver: "llama" });
  coarseEngine = await startWhole({ modelPath, driver: "llama", cache: { keyType: "q4_0", valueType: "q4_0" } });
});

afterAll(async () => {
  await engine.close();
  await coarseEngine.close();
});

const text = "The house of ba du stood by the lake, and nobody knew why ko mira went there. ".repeat(4);

test("each token but the first has a logarithm of its probability", async () => {
  const tokens = await engine.tokenize(text);
  const found = await engine.logProbabilities(tokens);
  expect(found).toHaveLength(tokens.length - 1);
  expect(Math.max(...found)).toBeLessThan(0);
});

test("the greedy token has the highest probability of all", async () => {
  const prompt = await engine.tokenize("ba du");
  const { tokens } = await engine.generate("ba du", { maximumTokensCount: 1 });
  const scoreOf = async (token: number) => (await engine.logProbabilities([...prompt, token])).at(-1)!;
  const others = await Promise.all([300, 301, 302, 1000].map(scoreOf));
  expect(await scoreOf(tokens[0]!)).toBeGreaterThan(Math.max(...others.filter((_, at) => at !== tokens[0])));
});

test("scores do not depend on the batches that they are computed in", async () => {
  const tokens = await engine.tokenize(text);
  await using narrow = await startWhole({
    modelPath: engine.facts.setting.modelPath,
    driver: "llama",
    batchTokensCount: 7,
    microBatchTokensCount: 7,
  });
  const [wide, few] = await Promise.all([engine, narrow].map((one) => one.logProbabilities(tokens)));
  const differences = wide!.map((value, at) => Math.abs(value - few![at]!));
  expect(Math.max(...differences)).toBeLessThan(0.01);
});

test("a perplexity counts the second half of each whole chunk", async () => {
  const tokens = await engine.tokenize(text);
  const found = await engine.perplexity(text, { chunkTokensCount: 32 });
  const chunksCount = Math.floor(tokens.length / 32);
  expect(found).toMatchObject({ chunksCount, countedTokensCount: chunksCount * 15 });
  expect(found.perplexity).toBeGreaterThan(1);
  expect(await engine.perplexity(tokens, { chunkTokensCount: 32 })).toEqual(found);
});

test("a model does not differ from itself, and differs a little with a coarse cache", async () => {
  const work = { text, chunkTokensCount: 32 };
  await using twin = await startWhole({ modelPath: engine.facts.setting.modelPath, driver: "llama" });
  const same = await compareDistributions(twin, engine, work);
  expect(same).toMatchObject({ meanDivergence: 0, maximumDivergence: 0, sameTopTokenRatio: 1 });
  const coarse = await compareDistributions(coarseEngine, engine, work);
  expect(coarse.countedTokensCount).toBe(same.countedTokensCount);
  expect(coarse.meanDivergence).toBeGreaterThan(0);
  expect(coarse.meanDivergence).toBeLessThan(1);
});

test("models of different vocabularies are not compared, and both engines stay usable", async () => {
  const { path: modelPath } = await synthesizeTiny("F16", 1000);
  await using other = await startWhole({ modelPath, driver: "llama" });
  const compared = compareDistributions(engine, other, {
    text: [1, ...Array<number>(63).fill(300)],
    chunkTokensCount: 32,
  });
  await expect(compared).rejects.toMatchObject({ code: "invalid-request" });
  await Promise.all([engine, other].map((one) => one.decode({ tokensCount: 1 })));
});

test("what cannot be scored is refused", async () => {
  await expect(engine.logProbabilities([1])).rejects.toMatchObject({ code: "invalid-request" });
  await expect(engine.logProbabilities([1, 5000])).rejects.toMatchObject({ code: "invalid-request" });
  await expect(engine.perplexity("ba")).rejects.toMatchObject({ code: "invalid-request" });
  await expect(engine.perplexity(text, { chunkTokensCount: 4096 })).rejects.toMatchObject({
    code: "context-too-small",
  });
  await using publicEngine = await startWhole({ modelPath: engine.facts.setting.modelPath, driver: "llama-api" });
  await expect(publicEngine.logProbabilities([1, 2])).rejects.toMatchObject({ code: "not-supported" });
});
