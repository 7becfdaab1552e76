import { type Engine, layerTimesOf } from "numalab/inference";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWhole, synthesizeTiny } from "./tinyEngine.ts";

let engine: Engine;

beforeAll(async () => {
  const { path: modelPath } = await synthesizeTiny();
  engine = await startWhole({ modelPath, contextTokensCount: 256, microBatchTokensCount: 64 });
});

afterAll(() => engine.close());

const sumOf = (values: readonly { readonly seconds: number }[]): number =>
  values.reduce((sum, { seconds }) => sum + seconds, 0);

test.each([
  { kind: "decode", tokensCount: 8, runsCount: 16 },
  { kind: "prefill", tokensCount: 150, runsCount: 2 },
] as const)(
  "a profile of $kind shares its runs among the parts of the layers",
  async ({ kind, tokensCount, runsCount }) => {
    const profile = await engine.profile({ kind, tokensCount, depthTokensCount: 20, roundsCount: 2 });
    expect(profile.parts.map(({ part, layerIndex }) => `${layerIndex ?? ""} ${part}`)).toEqual([
      " embedding",
      "0 attention",
      "0 feed-forward",
      "1 attention",
      "1 feed-forward",
      " output",
    ]);
    expect(profile.runsCount).toBe(runsCount);
    expect(sumOf(profile.parts) + profile.overheadSeconds).toBeCloseTo(profile.runSeconds, 9);
    expect(profile.overheadSeconds).toBeGreaterThan(0);
    expect(profile.slowdownRatio).toBeGreaterThan(0);
    expect(layerTimesOf({ nodes: profile.parts }).map(({ layerIndex }) => layerIndex)).toEqual([0, 1, null]);
  },
);

test("an engine goes on as before after a profile", async () => {
  const before = await engine.generate("a b c", { maximumTokensCount: 4 });
  await engine.profile({ kind: "decode", tokensCount: 1, roundsCount: 1 });
  expect((await engine.generate("a b c", { maximumTokensCount: 4 })).tokens).toEqual(before.tokens);
});

test("a profile that the context does not hold is refused", async () => {
  await expect(engine.profile({ kind: "decode", tokensCount: 257 })).rejects.toMatchObject({
    code: "context-too-small",
  });
  await expect(engine.profile({ kind: "decode", tokensCount: 1, roundsCount: 0 })).rejects.toMatchObject({
    code: "invalid-request",
  });
  await expect(engine.profile({ kind: "reply" as "decode", tokensCount: 1 })).rejects.toMatchObject({
    code: "invalid-request",
  });
});
