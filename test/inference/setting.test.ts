import { describe, expect, test } from "vitest";
import { type EngineSpec, planSetting } from "../../sdk/inference/setting.ts";
import type { InstancePlan } from "../../sdk/launch/index.ts";

const instance = { threadsCount: 2, cpus: "0-1" } as InstancePlan;
const plan = (spec: Partial<EngineSpec>) =>
  planSetting({ modelPath: "a.gguf", ...spec }, { instance, librariesFolder: "libraries" });

test("a setting states every choice it made", () => {
  expect(plan({ cache: { keyType: "q8_0" } })).toEqual({
    modelPath: "a.gguf",
    driver: "auto",
    engineBuild: "best",
    librariesFolder: "libraries",
    contextTokensCount: 1024,
    sequencesCount: 1,
    isCacheShared: false,
    useMmap: false,
    cache: { keyType: "q8_0", valueType: "f16" },
    flashAttention: "auto",
    batchTokensCount: 2048,
    microBatchTokensCount: 512,
    pool: { pollingLevel: 50, priority: "normal", isStrict: false },
    threads: { threadsCount: 2, cpus: null },
  });
});

test("a strict pool is told its CPUs", () => {
  expect(plan({ pool: { isStrict: true } }).threads).toEqual({ threadsCount: 2, cpus: "0-1" });
});

describe("refused with what was found and what is needed:", () => {
  test.for<readonly [string, Partial<EngineSpec>, RegExp]>([
    ["quantized values without flash attention", { cache: { valueType: "q4_0" }, flashAttention: "off" }, /q4_0.*off/],
    ["an unknown cache type", { cache: { keyType: "q9" as never } }, /keyType is q9; needed f32, f16/],
    ["an unknown attention", { flashAttention: "yes" as never }, /flashAttention is yes; needed auto, off, on/],
    ["an unknown priority", { pool: { priority: "toString" as never } }, /priority is toString/],
    ["a polling level over 100", { pool: { pollingLevel: 101 } }, /pollingLevel is 101.*at most 100/],
    ["a micro batch wider than the batch", { batchTokensCount: 64 }, /microBatchTokensCount is 512.*at most 64/],
    ["more sequences than the engine keeps", { sequencesCount: 257 }, /sequencesCount is 257.*at most 256/],
    ["half a token of context", { contextTokensCount: 0.5 }, /contextTokensCount is 0.5.*at least 1\./],
  ])("%s", ([, spec, message]) => {
    expect(() => plan(spec)).toThrow(expect.objectContaining({ code: "invalid-setting" }));
    expect(() => plan(spec)).toThrow(message);
  });
});
