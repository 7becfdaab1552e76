import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine } from "numalab/inference";
import { startWhole, synthesizeTiny } from "./tinyEngine.ts";

const promptOf = (length: number, start: number) => Array.from({ length }, (_, index) => (start + 13 * index) % 2000);
const prompts = [3, 40, 17, 5, 29, 8].map((length, index) => promptOf(length, 100 * index));
const common = { maximumTokensCount: 12, stopsAtEnd: false };

let modelPath: string;
let engine: Engine;
beforeAll(async () => {
  ({ path: modelPath } = await synthesizeTiny("F16"));
  const sizes = { sequencesCount: 4, isCacheShared: true, contextTokensCount: 256 };
  engine = await startWhole({ modelPath, driver: "llama", ...sizes });
});
afterAll(() => engine.close());

test("a text is the same whether it is computed alone or beside others, in whatever pieces its prompt is read", async () => {
  const alone: number[][] = [];
  for (const tokens of prompts) {
    const { generations } = await engine.runBatched([{ ...common, tokens }], { promptChunkTokensCount: 64 });
    alone.push([...generations[0]!.tokens]);
  }
  for (const promptChunkTokensCount of [5, 64]) {
    const requests = prompts.map((tokens) => ({ ...common, tokens }));
    const { generations } = await engine.runBatched(requests, { promptChunkTokensCount });
    const texts = [...generations].sort((a, b) => a.requestIndex - b.requestIndex).map(({ tokens }) => [...tokens]);
    expect(texts).toEqual(alone);
  }
});

test("a run tells when each request came, began and had its tokens, and what each step computed", async () => {
  const requests = prompts.map((tokens, index) => ({ ...common, tokens, arrivalSeconds: index / 100 }));
  const run = await engine.runBatched(requests, { maximumSequencesCount: 3 });
  expect(run.generations).toHaveLength(prompts.length);
  for (const generation of run.generations) {
    expect(generation).toMatchObject({
      stopReason: "maximum-tokens",
      arrivalSeconds: expect.closeTo(generation.requestIndex / 100) as number,
    });
    expect(generation.waitSeconds).toBeGreaterThanOrEqual(0);
    expect(generation.tokenSeconds).toHaveLength(12);
    expect(generation.tokenSeconds[0]).toBeGreaterThan(generation.waitSeconds);
  }
  const rows = run.steps.reduce((sum, step) => sum + step.promptRowsCount, 0);
  expect(rows).toBe(prompts.flat().length);
  expect(Math.max(...run.steps.map((step) => step.decodeRowsCount))).toBeLessThanOrEqual(3);
});

test("one missing row is filled with an idle one", async () => {
  await using wide = await startWhole({ modelPath, driver: "llama", sequencesCount: 4, contextTokensCount: 64 });
  const requests = [1, 2, 3].map((start) => ({ ...common, tokens: promptOf(2, start) }));
  const { steps } = await wide.runBatched(requests, { rowMultiple: 2 });
  expect(steps.filter(({ decodeRowsCount }) => decodeRowsCount === 3).every((step) => step.idleRowsCount === 1)).toBe(
    true,
  );
});

describe("a batcher", () => {
  test("answers prompts as they come, together", async () => {
    const batcher = engine.openBatcher();
    const generations = await Promise.all(prompts.map((tokens) => batcher.submit({ ...common, tokens })));
    expect(generations.map(({ promptTokensCount }) => promptTokensCount)).toEqual(prompts.map(({ length }) => length));
    expect(generations.every(({ text }) => text.length > 0)).toBe(true);
    const { steps } = await batcher.close();
    expect(Math.max(...steps.map((step) => step.decodeRowsCount))).toBe(3);
    await expect(batcher.submit({ tokens: [1] })).rejects.toMatchObject({ code: "closed" });
  });

  test("ends one request without the others", async () => {
    await using batcher = engine.openBatcher();
    const controller = new AbortController();
    const long = batcher.submit({ tokens: [1, 2], maximumTokensCount: 250, stopsAtEnd: false }, controller);
    const short = await batcher.submit({ ...common, tokens: [3] });
    controller.abort();
    expect(short.stopReason).toBe("maximum-tokens");
    expect(await long).toMatchObject({ stopReason: "cancelled" });
  });

  test("is told when its engine dies", async () => {
    const other = await startWhole({ modelPath, driver: "llama", sequencesCount: 2 });
    const batcher = other.openBatcher();
    const lost = batcher.submit({ tokens: [1], maximumTokensCount: 1000, stopsAtEnd: false });
    process.kill(other.processId, "SIGKILL");
    await expect(lost).rejects.toMatchObject({ code: "worker-died" });
    await other.close();
  });
});

test.each([
  [{ maximumSequencesCount: 4 }, "context-too-small"],
  [{ maximumDelaySeconds: -1 }, "invalid-request"],
  [{ joining: "never" as never }, "invalid-request"],
  [{ rowMultiple: 0 }, "invalid-request"],
  [{ promptChunkTokensCount: 4096 }, "invalid-request"],
] as const)("%j is refused", async (policy, code) => {
  await expect(engine.runBatched([{ tokens: [1] }], policy)).rejects.toMatchObject({ code });
});
