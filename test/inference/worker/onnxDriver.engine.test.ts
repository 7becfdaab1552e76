import { type Engine, planEngine, startEngine } from "numalab/inference";
import { verifyBinding } from "numalab/launch";
import { expect, test } from "vitest";
import { planWhole } from "../tinyEngine.ts";
import { writeDecoder, writeEncoder } from "../tinyGraph.ts";

const instance = await planWhole();

const start = (modelPath: string): Promise<Engine> => startEngine(planEngine({ modelPath }, instance));

test("an encoder's vector of a text is the mean over its tokens", async () => {
  await using engine = await start(writeEncoder());
  expect(engine.facts).toMatchObject({ driver: "onnx", version: "1.30.0" });
  expect(await engine.tokenize("one three")).toEqual([1, 3]);
  expect(await engine.embed("one three")).toEqual([2, 12]);
  expect(Math.hypot(...(await engine.embed("two", { isNormalized: true })))).toBeCloseTo(1);
  expect((await engine.prefill({ tokensCount: 3 })).tokenSeconds).toHaveLength(1);
  await expect(engine.decode({ tokensCount: 3 })).rejects.toMatchObject({ code: "not-supported" });
});

test("a decoder is timed token by token, with what it keeps in the worker", async () => {
  await using engine = await start(writeDecoder());
  const threads = { threadsCount: 1, cpus: null };
  const decode = await engine.decode({ tokensCount: 8, depthTokensCount: 16, threads });
  expect(decode).toMatchObject({ kind: "decode", tokensCount: 8, depthTokensCount: 16, threadsCount: 1 });
  expect(decode.tokenSeconds).toEqual(decode.tokenSeconds.toSorted((one, other) => one - other));
  expect(await engine.prefill({ tokensCount: 64 })).toMatchObject({ kind: "prefill", tokensCount: 64 });
  await expect(engine.embed("one")).rejects.toMatchObject({ code: "not-supported" });
});

test("a decoder writes the most probable text up to its end token", async () => {
  await using engine = await start(writeDecoder());
  expect(await engine.generate("one")).toMatchObject({ text: "two three", tokens: [2, 3], stopReason: "end-token" });
  const { stopReason, timeline } = await engine.generate("one", { maximumTokensCount: 1 });
  expect({ stopReason, count: timeline.tokenSeconds.length }).toEqual({ stopReason: "maximum-tokens", count: 1 });
  const streamed = engine.stream("one").next();
  await expect(streamed).rejects.toMatchObject({ code: "not-supported" });
});

test("strict threads stay on a CPU each, and other choices of the pool are refused", async () => {
  const modelPath = writeEncoder();
  await using engine = await startEngine(planEngine({ modelPath, pool: { isStrict: true } }, instance));
  expect(await engine.embed("three")).toEqual([3, 13]);
  expect((await verifyBinding(engine.processId, instance)).strayThreads).toEqual([]);
  const plan = planEngine({ modelPath, pool: { pollingLevel: 0 } }, instance);
  await expect(startEngine(plan)).rejects.toMatchObject({ code: "not-supported" });
});

test("several texts give what each gives alone, where no mask lets them be computed together", async () => {
  await using engine = await start(writeEncoder());
  expect(await engine.embedTexts(["one", "two three"])).toEqual([
    [1, 11],
    [2.5, 12.5],
  ]);
});

test("choices that only llama heeds are refused", async () => {
  const plan = planEngine({ modelPath: writeEncoder(), sequencesCount: 4 }, instance);
  await expect(startEngine(plan)).rejects.toMatchObject({ code: "not-supported" });
});
