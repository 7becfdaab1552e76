import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pruneModel } from "numalab/compression";
import { type Pipeline, startPipeline } from "numalab/inference";
import { synthesizeModel } from "numalab/model";
import { beforeAll, expect, test } from "vitest";
import { planWhole } from "./tinyEngine.ts";

const folder = mkdtempSync(join(tmpdir(), "numalab-pipeline-"));
const pathOf = (name: string): string => join(folder, `${name}.gguf`);

const shape = {
  layersCount: 4,
  hiddenSize: 256,
  feedForwardSize: 512,
  headsCount: 4,
  kvHeadsCount: 2,
  vocabularyCount: 2000,
};

beforeAll(async () => {
  await synthesizeModel({
    shape: { architecture: "llama", ...shape },
    quant: "Q8_0",
    randomSeed: 1,
    path: pathOf("whole"),
  });
  await pruneModel(pathOf("whole"), { layers: [0, 1, 2], path: pathOf("first") });
  await pruneModel(pathOf("whole"), { layers: [2, 3], path: pathOf("second") });
});

async function start(names: readonly string[]): Promise<Pipeline> {
  const whole = await planWhole();
  const instances = names.map((_, instanceIndex) => ({ ...whole, instanceIndex, threadsCount: 1 }));
  const spec = { stagePaths: names.map(pathOf), sequencesCount: 3, contextTokensCount: 64 };
  return startPipeline(spec, { instances });
}

test("two stages compute the logits of the whole model, prompt after prompt", async () => {
  await using whole = await start(["whole"]);
  await using stages = await start(["first", "second"]);
  expect(new Set(stages.processIds).size).toBe(2);
  for (const tokens of [[1, 500, 1999, 7, 7], [42]]) {
    const [wanted, found] = [await whole.logits(tokens), await stages.logits(tokens)];
    expect(found).toHaveLength(2000);
    const differences = found.map((logit, token) => Math.abs(logit - wanted[token]!));
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  }
});

test("several sequences go through the stages at once, and what they took is told", async () => {
  await using stages = await start(["first", "second"]);
  const run = await stages.run({ sequencesCount: 3, promptTokensCount: 5, tokensCount: 8 });
  expect(run.stageSeconds).toHaveLength(2);
  expect(run.tokensPerSecond).toBeCloseTo(24 / run.seconds);
  expect(run.bubbleRatio).toBeGreaterThanOrEqual(0);
  expect(run.bubbleRatio).toBeLessThan(1);
  await expect(stages.run({ sequencesCount: 4, promptTokensCount: 1, tokensCount: 1 })).rejects.toMatchObject({
    code: "context-too-small",
  });
});

test("a model whose layers the engine does not tell of is refused, as are stages without an instance", async () => {
  const path = pathOf("qwen2");
  await synthesizeModel({ shape: { architecture: "qwen2", ...shape }, quant: "Q8_0", randomSeed: 1, path });
  await expect(start(["qwen2", "qwen2"])).rejects.toMatchObject({ code: "not-supported" });
  const alone = startPipeline({ stagePaths: [path] }, { instances: [] });
  await expect(alone).rejects.toMatchObject({ code: "invalid-request" });
});
