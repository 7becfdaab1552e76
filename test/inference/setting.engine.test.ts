import { readdirSync, readFileSync } from "node:fs";
import { runnableBuildsOf } from "numalab/host";
import { parseCpuList, probeTopology } from "numalab/topology";
import { beforeAll, expect, test } from "vitest";
import { planWhole, startWhole, synthesizeTiny } from "./tinyEngine.ts";

let modelPath: string;
beforeAll(async () => {
  ({ path: modelPath } = await synthesizeTiny());
});

test("an engine computes with each cache type and attention, and its facts state them", async () => {
  for (const keyType of ["f32", "f16", "bf16", "q8_0", "q5_1", "q5_0", "q4_1", "q4_0", "iq4_nl"] as const) {
    const cache = { keyType, valueType: keyType };
    await using engine = await startWhole({ modelPath, driver: "llama", cache });
    expect(engine.facts.setting.cache).toEqual(cache);
    expect(await engine.decode({ tokensCount: 2, depthTokensCount: 8 })).toMatchObject({ tokensCount: 2 });
  }
  for (const flashAttention of ["on", "off"] as const) {
    await using engine = await startWhole({ modelPath, driver: "llama", flashAttention });
    expect(await engine.prefill({ tokensCount: 16 })).toMatchObject({ tokensCount: 16 });
  }
});

test("a prompt longer than the batch is computed in several", async () => {
  const batches = { batchTokensCount: 64, microBatchTokensCount: 16 };
  await using engine = await startWhole({ modelPath, driver: "llama", ...batches });
  expect(await engine.prefill({ tokensCount: 200 })).toMatchObject({ tokensCount: 200 });
});

test("the threads of a strict pool stay on one CPU each", async ({ skip }) => {
  const instance = await planWhole();
  skip(instance.threadsCount < 2, "one CPU is no choice");
  const pool = { isStrict: true, pollingLevel: 0, priority: "low" } as const;
  await using engine = await startWhole({ modelPath, driver: "llama", pool });
  await engine.decode({ tokensCount: 2 });
  const tasks = `/proc/${engine.processId}/task`;
  const lists = readdirSync(tasks).map((task) => {
    const status = readFileSync(`${tasks}/${task}/status`, "utf8");
    return /^Cpus_allowed_list:\s+(\S+)/m.exec(status)![1]!;
  });
  const single = lists.filter((list) => parseCpuList(list).length === 1);
  expect(new Set(single).size).toBe(instance.threadsCount);
  const placement = { threadsCount: instance.threadsCount, cpus: null };
  await expect(engine.decode({ tokensCount: 1, threads: placement })).rejects.toMatchObject({
    code: "invalid-request",
  });
});

test("the public calls refuse choices that they cannot make", async () => {
  const refused = startWhole({ modelPath, driver: "llama-api", cache: { keyType: "q8_0" } });
  await expect(refused).rejects.toMatchObject({ code: "not-supported" });
});

test("each of the engine's builds that this CPU can run computes the same text", async () => {
  const { architecture, isaFlags } = await probeTopology();
  const tokens = Array.from({ length: 24 }, (_, index) => 31 * index);
  const scores = new Map<string, readonly number[]>();
  for (const { name } of runnableBuildsOf(architecture!, isaFlags)) {
    await using engine = await startWhole({ modelPath, driver: "llama", engineBuild: name });
    expect(engine.facts.computeLibrary).toBe(`libggml-cpu-${name}.so`);
    const maps = readFileSync(`/proc/${engine.processId}/maps`, "utf8");
    expect(new Set(maps.match(/libggml-cpu-\S+/g))).toEqual(new Set([`libggml-cpu-${name}.so`]));
    expect(engine.facts.instructionSets!.includes("AVX2")).toBe(!/x64|sse42|bridge|piledriver|arm/.test(name));
    scores.set(name, await engine.logProbabilities(tokens));
  }
  expect(scores.size).toBeGreaterThan(1);
  const [reference, ...others] = scores.values();
  for (const each of others) {
    for (const [index, value] of each.entries()) expect(value).toBeCloseTo(reference![index]!, 1);
  }
});

test("a build that the engine does not have is refused with those that there are", async () => {
  const refused = startWhole({ modelPath, driver: "llama", engineBuild: "pentium" });
  await expect(refused).rejects.toThrow(/no build pentium; it has .*(x64|armv8.0_1)/);
});
