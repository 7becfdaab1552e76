import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getLlama, type Llama, LlamaLogLevel } from "node-llama-cpp";
import { pruneModel } from "numalab/compression";
import { editModel, mergeModel, splitModel, synthesizeModel } from "numalab/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "numalab-pruning-"));
const tokens = [5, 40, 17, 300, 299];
let llama: Llama;
let modelPath: string;

beforeAll(async () => {
  llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error });
  const shape = {
    architecture: "llama",
    layersCount: 3,
    hiddenSize: 256,
    feedForwardSize: 512,
    headsCount: 4,
    kvHeadsCount: 2,
    vocabularyCount: 512,
  } as const;
  modelPath = (await synthesizeModel({ shape, quant: "F16", randomSeed: 1, path: join(folder, "m.gguf") })).path;
});
afterAll(async () => {
  await llama.dispose();
  rmSync(folder, { recursive: true });
});

/** The probability of each token after a fixed text, in the order of the tokens. */
async function probabilitiesOf(path: string): Promise<readonly number[]> {
  const model = await llama.loadModel({ modelPath: path, useMmap: false });
  const context = await model.createContext({ contextSize: 64, threads: 1 });
  const before = tokens.slice(0, -1) as never[];
  const last = tokens.at(-1) as never;
  const results = await context
    .getSequence()
    .controlledEvaluate([...before, [last, { generateNext: { probabilities: true } }]]);
  const { probabilities } = results.at(-1)!.next;
  await context.dispose();
  await model.dispose();
  return [...probabilities!].sort(([left], [right]) => left - right).map(([, probability]) => probability);
}

const target = (name: string) => ({ path: join(folder, `${name}.gguf`) });

describe("llama.cpp computes bit for bit the same", () => {
  test("from a model in several files, and merged again", async () => {
    const whole = await probabilitiesOf(modelPath);
    const shards = await splitModel(modelPath, { ...target("split"), shardBytes: 2 ** 20 });
    expect(shards.length).toBeGreaterThan(1);
    expect(await probabilitiesOf(shards[0]!)).toEqual(whole);
    await mergeModel(shards[0]!, target("merged"));
    expect(await probabilitiesOf(target("merged").path)).toEqual(whole);
  });

  test("from an unpruned model renamed to the architecture whose layers may differ", async () => {
    await editModel(modelPath, { architecture: "deci" }, target("deci"));
    expect(await probabilitiesOf(target("deci").path)).toEqual(await probabilitiesOf(modelPath));
  });
});

test.for([
  ["without a layer", { layers: [0, 2] }],
  ["with narrower feed-forward nets", { feedForward: 0.75 }],
  ["with half the heads", { kvHeads: 0.5 }],
  ["with layers of different sizes", { feedForward: [512, 256, 32], kvHeads: [2, 1, 2] }],
  ["with all of these", { layers: [1, 2], feedForward: [512, 64], kvHeads: 0.5 }],
] as const)("a model %s is loaded and gives finite probabilities", async ([name, spec]) => {
  const { path } = await pruneModel(modelPath, { ...spec, ...target(name.replaceAll(" ", "-")) });
  const probabilities = await probabilitiesOf(path);
  expect(probabilities).toHaveLength(512);
  expect(probabilities.every(Number.isFinite)).toBe(true);
  expect(probabilities.reduce((total, next) => total + next, 0)).toBeCloseTo(1, 4);
  expect(probabilities).not.toEqual(await probabilitiesOf(modelPath));
});
