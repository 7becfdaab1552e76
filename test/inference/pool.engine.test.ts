import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EngineSpec, type EnginePool, startPool } from "numalab/inference";
import type { LaunchPlan } from "numalab/launch";
import { type Model, synthesizeModel } from "numalab/model";
import { expect, test } from "vitest";
import { planWhole, synthesizeTiny } from "./tinyEngine.ts";

/** So many instances on all that this process may use: the pool is tried, not the binding. */
async function planCrowd(count: number): Promise<LaunchPlan> {
  const whole = await planWhole();
  const instances = Array.from({ length: count }, (_, instanceIndex) => ({ ...whole, instanceIndex, threadsCount: 1 }));
  return { instances, warnings: [] };
}

async function startCrowd(spec: EngineSpec, count = 2): Promise<EnginePool> {
  return startPool({ driver: "llama", ...spec }, await planCrowd(count));
}

test("work goes to the next free engine, in the order in which it came", async () => {
  const { path: modelPath } = await synthesizeTiny();
  await using pool = await startCrowd({ modelPath });
  const begun: number[] = [];
  const processIds = await Promise.all(
    [0, 1, 2, 3, 4].map((index) =>
      pool.use(async (engine) => {
        begun.push(index);
        await engine.decode({ tokensCount: 4 });
        return engine.processId;
      }),
    ),
  );
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(new Set(processIds).size).toBe(2);
});

test("whose work a dying engine takes along is told so, and who comes next has a new one", async () => {
  const { path: modelPath } = await synthesizeTiny();
  await using pool = await startCrowd({ modelPath }, 1);
  const lost = pool.use(async (engine) => {
    process.kill(engine.processId, "SIGKILL");
    return engine.decode({ tokensCount: 100 });
  });
  const after = pool.use((engine) => engine.decode({ tokensCount: 2 }));
  await expect(lost).rejects.toMatchObject({ code: "worker-died" });
  expect((await after).tokensCount).toBe(2);
});

test("a closed pool refuses who waits and who comes", async () => {
  const { path: modelPath } = await synthesizeTiny();
  const pool = await startCrowd({ modelPath }, 1);
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const running = pool.use((engine) => {
    begin();
    return engine.decode({ tokensCount: 1000 });
  });
  const waiting = pool.use(() => Promise.resolve());
  const refused = Promise.all([running, waiting].map((use) => expect(use).rejects.toMatchObject({ code: "closed" })));
  await begun;
  await pool.close();
  await refused;
  await expect(pool.use(() => Promise.resolve())).rejects.toMatchObject({ code: "closed" });
});

async function synthesizeWide(quant: "Q8_0" | "Q4_0"): Promise<Model> {
  return synthesizeModel({
    shape: {
      architecture: "llama",
      layersCount: 4,
      hiddenSize: 1024,
      feedForwardSize: 4096,
      headsCount: 16,
      kvHeadsCount: 4,
      vocabularyCount: 2000,
    },
    quant,
    randomSeed: 1,
    path: join(mkdtempSync(join(tmpdir(), "numalab-pool-")), "wide.gguf"),
  });
}

test.runIf(process.arch === "x64")(
  "engines share the pages of a Q8_0 file; those of Q4_0 are rearranged privately",
  async () => {
    const layersBytesOf = ({ tensors }: Model): number =>
      tensors.filter(({ name }) => name.startsWith("blk.")).reduce((sum, { bytes }) => sum + bytes, 0);
    const [plain, repacked] = [await synthesizeWide("Q8_0"), await synthesizeWide("Q4_0")];
    const privates: number[] = [];
    for (const model of [plain, repacked]) {
      await using pool = await startCrowd({ modelPath: model.path, engineBuild: "haswell", contextTokensCount: 64 });
      const memories = await pool.readMemory();
      expect(memories).toHaveLength(2);
      if (model === plain)
        for (const { sharedBytes } of memories) expect(sharedBytes).toBeGreaterThan(0.95 * model.fileBytes);
      privates.push(Math.min(...memories.map(({ privateBytes }) => privateBytes)));
      console.log(
        model.quant,
        model.fileBytes / 2 ** 20,
        layersBytesOf(model) / 2 ** 20,
        memories.map((m) => Object.values(m).map((v) => Math.round(v / 2 ** 20))),
      );
    }
    expect(privates[1]! - privates[0]!).toBeGreaterThan(0.8 * layersBytesOf(repacked));
  },
);
