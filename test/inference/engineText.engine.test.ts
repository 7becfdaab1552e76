import { readFileSync, writeFileSync } from "node:fs";
import type { Engine, Generation } from "numalab/inference";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWhole, synthesizeTiny } from "./tinyEngine.ts";

let engine: Engine;
let publicEngine: Engine;

beforeAll(async () => {
  const { path: modelPath } = await synthesizeTiny();
  engine = await startWhole({ modelPath, driver: "llama" });
  publicEngine = await startWhole({ modelPath, driver: "llama-api" });
});

afterAll(async () => {
  await engine.close();
  await publicEngine.close();
});

const prompt = "ba du ko mira. An old house é stood there";

/** A copy of a model whose metadata say that vectors are averaged (llama_pooling_type 1). */
function withMeanPooling(modelPath: string): string {
  const text = (value: string) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(value.length));
    return Buffer.concat([length, Buffer.from(value)]);
  };
  const uint32 = (value: number) => Buffer.from(Uint32Array.of(value).buffer);
  // Together 64 bytes, so that the weights stay aligned.
  const entries = Buffer.concat([
    ...[text("llama.pooling_type"), uint32(4), uint32(1)],
    ...[text("padding"), uint32(8), text("abc")],
  ]);
  const model = readFileSync(modelPath);
  const countAt = 16;
  model.writeBigUInt64LE(model.readBigUInt64LE(countAt) + 2n, countAt);
  const path = modelPath.replace(".gguf", "-mean.gguf");
  writeFileSync(path, Buffer.concat([model.subarray(0, 24), entries, model.subarray(24)]));
  return path;
}

async function collect(stream: AsyncGenerator<string, Generation>) {
  const pieces: string[] = [];
  for (;;) {
    const { done, value } = await stream.next();
    if (done === true) return { pieces, generation: value };
    pieces.push(value);
  }
}

test("text is tokens joined, and greedy unless told otherwise", async () => {
  const first = await engine.generate(prompt, { maximumTokensCount: 16 });
  expect(first).toMatchObject({ stopReason: "maximum-tokens", timeline: { kind: "decode", tokensCount: 16 } });
  expect(first.tokens).toHaveLength(16);
  expect(first.text.length).toBeGreaterThan(0);
  expect(await engine.generate(prompt, { maximumTokensCount: 16 })).toMatchObject({ tokens: first.tokens });
});

test("both drivers choose the same 64 tokens after the same prompt", async () => {
  const [own, other] = await Promise.all([engine.generate(prompt), publicEngine.generate(prompt)]);
  expect(own.promptTokensCount).toBe(other.promptTokensCount);
  expect(await engine.tokenize(prompt)).toEqual(await publicEngine.tokenize(prompt));
  expect(own.tokens).toHaveLength(64);
  expect(own.tokens).toEqual(other.tokens);
});

test("the time of the sampler is part of each token's, and a figure of its own", async () => {
  const { timeline } = await engine.generate(prompt, { maximumTokensCount: 8 });
  expect(timeline.tokenSeconds).toHaveLength(8);
  expect(timeline.samplerSeconds).toHaveLength(8);
  const samplers = timeline.samplerSeconds!.reduce((sum, seconds) => sum + seconds, 0);
  expect(samplers).toBeGreaterThan(0);
  expect(samplers).toBeLessThan(timeline.tokenSeconds.at(-1)!);
  expect((await publicEngine.generate(prompt, { maximumTokensCount: 2 })).timeline.samplerSeconds).toBeNull();
});

describe("sampling", () => {
  const sampled = async (sampling: Parameters<Engine["generate"]>[1]) =>
    (await engine.generate(prompt, { maximumTokensCount: 12, ...sampling })).tokens;

  test("repeats with its seed and differs with another", async () => {
    const seeded = (randomSeed: number) => sampled({ sampling: { temperature: 1, randomSeed } });
    expect(await seeded(1)).toEqual(await seeded(1));
    expect(await seeded(1)).not.toEqual(await seeded(2));
  });

  test.for([{ topK: 1 }, { topP: 1e-6 }, { minP: 1 }])("is greedy when %j leaves one token", async (filter) => {
    expect(await sampled({ sampling: { temperature: 1, ...filter } })).toEqual(await sampled({}));
  });
});

describe("a stream", () => {
  test("gives the pieces of the same text and returns the whole", async () => {
    const whole = await engine.generate(prompt, { maximumTokensCount: 16 });
    const { pieces, generation } = await collect(engine.stream(prompt, { maximumTokensCount: 16 }));
    expect(pieces.join("")).toBe(whole.text);
    expect(pieces.length).toBeGreaterThan(4);
    expect(generation).toMatchObject({ text: whole.text, tokens: whole.tokens });
  });

  test("ends before a stop text", async () => {
    const { text } = await engine.generate(prompt, { maximumTokensCount: 16 });
    const stopText = text.slice(9, 14);
    const stopped = await engine.generate(prompt, { maximumTokensCount: 16, stopTexts: [stopText] });
    expect(stopped).toMatchObject({ stopReason: "stop-text", text: text.slice(0, text.indexOf(stopText)) });
  });

  test("left early frees the engine at once", async () => {
    for await (const piece of engine.stream(prompt, { maximumTokensCount: 900 })) if (piece !== "") break;
    expect(await engine.decode({ tokensCount: 1 })).toMatchObject({ tokensCount: 1 });
  });

  test("aborted ends within a token, and what was written is kept", async () => {
    const abortion = new AbortController();
    const stream = engine.stream(prompt, { maximumTokensCount: 900, signal: abortion.signal });
    const pieces = [await stream.next(), await stream.next()].map(({ value }) => value as string);
    abortion.abort();
    const rest = await collect(stream);
    expect(rest.generation.stopReason).toBe("cancelled");
    expect(rest.generation.text).toBe([...pieces, ...rest.pieces].join(""));
    expect(rest.generation.tokens.length).toBeLessThan(900);
  });

  test("aborted before it began writes one token at most", async () => {
    const { stopReason, tokens } = await engine.generate(prompt, { signal: AbortSignal.abort() });
    expect(stopReason).toBe("cancelled");
    expect(tokens.length).toBeLessThanOrEqual(1);
  });

  test("is not supported by the public calls", async () => {
    await expect(publicEngine.stream(prompt).next()).rejects.toMatchObject({ code: "not-supported" });
    const stopped = publicEngine.generate(prompt, { stopTexts: ["a"] });
    await expect(stopped).rejects.toMatchObject({ code: "not-supported" });
  });
});

describe("an embedding", () => {
  test("has the length 1 when it is normalized", async () => {
    const vector = await engine.embed(prompt);
    expect(vector).toHaveLength(256);
    const length = Math.hypot(...vector);
    const normalized = await engine.embed(prompt, { isNormalized: true });
    expect(Math.hypot(...normalized)).toBeCloseTo(1, 9);
    expect(normalized[7]).toBeCloseTo(vector[7]! / length, 9);
  });

  test("is that of the public calls", async () => {
    const [own, other] = await Promise.all(
      [engine, publicEngine].map((one) => one.embed(prompt, { isNormalized: true })),
    );
    expect(Math.max(...own!.map((value, at) => Math.abs(value - other![at]!)))).toBeLessThan(1e-5);
  });

  test("is the mean over the tokens when the model says so", async () => {
    const pooledPath = withMeanPooling(engine.facts.setting.modelPath);
    await using pooled = await startWhole({ modelPath: pooledPath, driver: "llama" });
    await using publicPooled = await startWhole({ modelPath: pooledPath, driver: "llama-api" });
    const [own, other] = await Promise.all(
      [pooled, publicPooled].map((one) => one.embed(prompt, { isNormalized: true })),
    );
    expect(Math.max(...own!.map((value, at) => Math.abs(value - other![at]!)))).toBeLessThan(1e-5);
    const last = await engine.embed(prompt, { isNormalized: true });
    expect(Math.max(...own!.map((value, at) => Math.abs(value - last[at]!)))).toBeGreaterThan(1e-2);
  });

  test("leaves the engine as it was", async () => {
    const before = await engine.generate(prompt, { maximumTokensCount: 8 });
    await engine.embed(prompt);
    expect(await engine.generate(prompt, { maximumTokensCount: 8 })).toMatchObject({ tokens: before.tokens });
  });

  test("of more tokens than the context holds is refused", async () => {
    await expect(engine.embed("ba ".repeat(5000))).rejects.toMatchObject({ code: "context-too-small" });
  });
});

test("a text that cannot be written is refused", async () => {
  const refused = (options: Parameters<Engine["generate"]>[1]) => engine.generate(prompt, options);
  await expect(refused({ maximumTokensCount: 5000 })).rejects.toMatchObject({ code: "context-too-small" });
  await expect(refused({ maximumTokensCount: 0 })).rejects.toMatchObject({ code: "invalid-request" });
  await expect(refused({ stopTexts: [""] })).rejects.toMatchObject({ code: "invalid-request" });
  await expect(refused({ sampling: { topP: 2 } })).rejects.toMatchObject({ code: "invalid-request" });
});
