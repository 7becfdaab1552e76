import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, type EngineSpec, findEngineLibraries, planEngine, startEngine } from "numalab/inference";
import { verifyBinding } from "numalab/launch";
import { synthesizeModel } from "numalab/model";
import { parseCpuList, probeTopology } from "numalab/topology";
import { beforeAll, describe, expect, test } from "vitest";
import { planWhole, synthesizeTiny } from "./tinyEngine.ts";

const folder = mkdtempSync(join(tmpdir(), "numalab-weights-"));
const instance = await planWhole();
const { allowedCpuset } = await probeTopology();
const one = { threadsCount: 1, cpus: String(parseCpuList(allowedCpuset)[0]) };
const all = { threadsCount: instance.threadsCount, cpus: instance.cpus };
let modelPath: string;

beforeAll(async () => {
  ({ path: modelPath } = await synthesizeTiny());
});

const start = (spec: Partial<EngineSpec> = {}): Promise<Engine> =>
  startEngine(planEngine({ modelPath, ...spec }, instance));

const isAlive = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
};

describe.each(["llama", "llama-api"] as const)("the driver %s", (driver) => {
  test("times a prefill once and a decode once a token, with rising times", async () => {
    await using engine = await start({ driver });
    expect(engine.facts).toMatchObject({ driver, version: "3.21.1", warnings: [] });
    expect(engine.facts.computeLibrary).toMatch(/^libggml-cpu-.*\.so$/);
    const prefill = await engine.prefill({ tokensCount: 64, threads: one });
    expect(prefill).toMatchObject({ kind: "prefill", tokensCount: 64, threadsCount: 1 });
    expect(prefill.tokenSeconds).toHaveLength(1);
    const decode = await engine.decode({ tokensCount: 8, depthTokensCount: 16, threads: all });
    expect(decode).toMatchObject({ kind: "decode", tokensCount: 8, depthTokensCount: 16 });
    expect(decode.tokenSeconds).toHaveLength(8);
    expect(decode.tokenSeconds).toEqual(decode.tokenSeconds.toSorted((a, b) => a - b));
  });

  test("generates text with the time of each token", async () => {
    await using engine = await start({ driver });
    const { text, promptTokensCount, timeline } = await engine.generate("one two", { maximumTokensCount: 4 });
    expect(promptTokensCount).toBeGreaterThan(0);
    expect(timeline.tokenSeconds).toHaveLength(timeline.tokensCount);
    expect(typeof text).toBe("string");
  });

  test("cuts a decode off after its longest time", async () => {
    await using engine = await start({ driver });
    const { tokensCount, tokenSeconds } = await engine.decode({
      tokensCount: 500,
      threads: one,
      maximumSeconds: 0.001,
    });
    expect(tokensCount).toBeLessThan(500);
    expect(tokenSeconds).toHaveLength(tokensCount);
  });
});

test("changing the threads three hundred times neither hangs nor crashes", async () => {
  await using engine = await start({ driver: "llama" });
  for (let index = 0; index < 300; index++)
    await engine.decode({ tokensCount: 2, threads: index % 2 === 0 ? one : all });
  expect(isAlive(engine.processId)).toBe(true);
});

test("every thread of a bound engine is read back inside its planned CPUs", async () => {
  await using engine = await start();
  await engine.decode({ tokensCount: 2 });
  const binding = await verifyBinding(engine.processId, instance);
  expect(binding.strayThreads).toEqual([]);
  expect(binding.threadsCount).toBeGreaterThanOrEqual(all.threadsCount);
});

describe("weights that weigh", () => {
  const weightsPath = join(folder, "weights.gguf");
  const pagesBytesOf = (pagesByNode: Readonly<Record<string, number>> = {}): number =>
    Object.values(pagesByNode).reduce((sum, pages) => sum + pages * 4096, 0);
  let weightsBytes: number;

  beforeAll(async () => {
    const spec = { preset: "qwen2.5-0.5b", depth: 4, quant: "Q8_0", randomSeed: 1, path: weightsPath } as const;
    const { tensors } = await synthesizeModel(spec);
    weightsBytes = tensors.reduce((sum, { bytes }) => sum + bytes, 0);
  });

  test.for(["llama", "llama-api"] as const)(
    "are anonymous memory under %s, so that the proof covers them",
    async (driver, { skip }) => {
      await using engine = await start({ driver, modelPath: weightsPath });
      await engine.decode({ tokensCount: 1 });
      const { anonymousPagesByNode, filePagesByNode } = await verifyBinding(engine.processId, instance);
      skip(pagesBytesOf(anonymousPagesByNode) === 0, "this kernel does not tell where pages lie");
      expect(pagesBytesOf(anonymousPagesByNode)).toBeGreaterThan(0.95 * weightsBytes);
      expect(filePagesByNode).toBeUndefined();
    },
  );

  test("lie in huge pages where the kernel gives them", async ({ skip }) => {
    const switchFile = "/sys/kernel/mm/transparent_hugepage/enabled";
    skip(!existsSync(switchFile) || readFileSync(switchFile, "utf8").includes("[never]"), "no huge pages here");
    await using engine = await start({ modelPath: weightsPath });
    const memory = readFileSync(`/proc/${engine.processId}/smaps_rollup`, "utf8");
    const [, hugeKibibytes] = /^AnonHugePages:\s+(\d+)/m.exec(memory)!;
    expect(Number(hugeKibibytes) * 1024).toBeGreaterThan(0.5 * weightsBytes);
  });

  test.for(["llama", "llama-api"] as const)(
    "are pages of the file under %s when it is mapped, and the verdict says so",
    async (driver, { skip }) => {
      await using engine = await start({ driver, modelPath: weightsPath, useMmap: true });
      await engine.decode({ tokensCount: 1 });
      const report = await verifyBinding(engine.processId, instance);
      skip(pagesBytesOf(report.anonymousPagesByNode) === 0, "this kernel does not tell where pages lie");
      expect(pagesBytesOf(report.anonymousPagesByNode)).toBeLessThan(0.95 * weightsBytes);
      expect(pagesBytesOf(report.filePagesByNode)).toBeGreaterThan(0.95 * weightsBytes);
      if (report.plannedMemoryNodes !== null) expect(report.reason).toMatch(/of mapped files are not bound/);
    },
  );
});

test("another library file is refused by name, and by default replaced by the public calls with a warning", async () => {
  const librariesFolder = mkdtempSync(join(tmpdir(), "numalab-libraries-"));
  cpSync(findEngineLibraries().folder, librariesFolder, { recursive: true });
  renameSync(join(librariesFolder, "libllama.v0.4.0.so"), join(librariesFolder, "libllama.v9.9.9.so"));
  await expect(start({ driver: "llama", librariesFolder })).rejects.toMatchObject({ code: "library-mismatch" });
  await using engine = await start({ librariesFolder });
  expect(engine.facts.driver).toBe("llama-api");
  expect(engine.facts.warnings.map(({ code }) => code)).toEqual(["driver-fallback"]);
});

test("a killed worker is an error with its signal, and a closed engine says that it is closed", async () => {
  const engine = await start();
  process.kill(engine.processId, "SIGKILL");
  await expect(engine.decode({ tokensCount: 2 })).rejects.toMatchObject({
    code: "worker-died",
    facts: { signal: "SIGKILL" },
  });
  await engine.close();
  await expect(engine.decode({ tokensCount: 2 })).rejects.toMatchObject({ code: "closed" });
});

test("closing an engine leaves no process", async () => {
  const engine = await start();
  await engine.close();
  expect(isAlive(engine.processId)).toBe(false);
});

test("requests that cannot be met are refused before they reach the worker", async () => {
  await using engine = await start();
  await expect(engine.decode({ tokensCount: 5000 })).rejects.toMatchObject({ code: "context-too-small" });
  await expect(engine.decode({ tokensCount: 0 })).rejects.toMatchObject({ code: "invalid-request" });
  const tooMany = { threadsCount: instance.threadsCount + 1, cpus: null };
  await expect(engine.decode({ tokensCount: 1, threads: tooMany })).rejects.toMatchObject({ code: "invalid-request" });
});

test("a file that is no model is an error with what to do", async () => {
  await expect(start({ modelPath: join(folder, "absent.gguf") })).rejects.toMatchObject({ code: "model-load-failed" });
});
