import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";
import { inspectModel, synthesizeModel } from "numalab/model";
import { expect, onTestFinished, test, vi } from "vitest";

const shape = {
  architecture: "llama",
  layersCount: 2,
  hiddenSize: 256,
  feedForwardSize: 512,
  headsCount: 4,
  kvHeadsCount: 2,
} as const;

/** The sizes that llama.cpp logs, in bytes. */
function loggedBytes(log: readonly string[], what: string): number {
  const sizes = log.flatMap((line) => [...line.matchAll(new RegExp(`${what} buffer size = +([\\d.]+) MiB`, "g"))]);
  if (sizes.length === 0) throw new Error(`the log does not tell the ${what} buffer size`);
  return Number(sizes.at(-1)![1]) * 2 ** 20;
}

test("the estimates of cache and graph are what llama.cpp takes, within 1 %", { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "numalab-inspection-"));
  const log: string[] = [];
  const logger = (_: LlamaLogLevel, message: string) => log.push(message);
  const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.debug, logger });
  onTestFinished(async () => {
    await llama.dispose();
    rmSync(folder, { recursive: true });
  });
  for (const [vocabularyCount, contextTokensCount] of [
    [300, 512],
    [300, 8192],
    [16_000, 512],
  ] as const) {
    const path = join(folder, `${vocabularyCount}-${contextTokensCount}.gguf`);
    const ownShape = { ...shape, vocabularyCount, contextTokensCount };
    await synthesizeModel({ shape: ownShape, quant: "F16", randomSeed: 1, path });
    log.length = 0;
    const model = await llama.loadModel({ modelPath: path });
    await model.createContext({ contextSize: contextTokensCount, batchSize: 512, threads: 1 });
    const { memory } = await inspectModel(path, { contextTokensCount });
    // The log arrives after the call that it tells of.
    const logged = (what: string) => vi.waitFor(() => loggedBytes(log, what), { timeout: 20_000 });
    expect(memory.kvBytes! / (await logged("KV"))).toBeCloseTo(1, 2);
    expect(memory.computeBytes / (await logged("compute"))).toBeCloseTo(1, 2);
    await model.dispose();
  }
});
