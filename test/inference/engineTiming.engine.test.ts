import { type Engine, interTokenSecondsOf, tokensPerSecondOf } from "numalab/inference";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWhole, synthesizeTiny } from "./tinyEngine.ts";

let engine: Engine;

beforeAll(async () => {
  const { path: modelPath } = await synthesizeTiny();
  engine = await startWhole({ modelPath, driver: "llama", contextTokensCount: 256, sequencesCount: 4 });
});

afterAll(async () => {
  await engine.close();
});

test.for([false, true])("several sequences advance together, with the prompt shared: %s", async (isPromptShared) => {
  const spec = { sequencesCount: 4, tokensCount: 8, promptTokensCount: 100, isPromptShared };
  const timeline = await engine.decodeBatch(spec);
  expect(timeline).toMatchObject({ ...spec, tokensCount: 32 });
  expect(timeline.tokenSeconds).toHaveLength(8);
  expect(Math.min(...interTokenSecondsOf(timeline), timeline.promptSeconds)).toBeGreaterThan(0);
  expect(tokensPerSecondOf(timeline)).toBeCloseTo(32 / timeline.tokenSeconds.at(-1)!, 6);
});

test("each sequence may fill its part of the context", async () => {
  const spec = { sequencesCount: 4, promptTokensCount: 250, tokensCount: 6 };
  expect(await engine.decodeBatch(spec)).toMatchObject({ tokensCount: 24 });
  expect(await engine.decode({ tokensCount: 2, depthTokensCount: 254 })).toMatchObject({ tokensCount: 2 });
});

test("more sequences or tokens than the context holds are refused", async () => {
  const refused = { code: "context-too-small" };
  await expect(engine.decodeBatch({ sequencesCount: 5, tokensCount: 1 })).rejects.toMatchObject(refused);
  await expect(engine.decodeBatch({ sequencesCount: 1, tokensCount: 256 })).rejects.toMatchObject(refused);
});
