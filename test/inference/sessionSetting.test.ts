import { expect, test } from "vitest";
import { findOnnxRuntime } from "../../sdk/inference/onnxRuntime.ts";
import { planSessionSetting, type SessionSpec } from "../../sdk/inference/sessionSetting.ts";

const instance = { cpus: "2,4-5", threadsCount: 3 };
const plan = (spec: Partial<SessionSpec> = {}) => planSessionSetting({ model: "/models/net.onnx", ...spec }, instance);

test("a setting states every choice, threads above all", () => {
  expect(plan()).toEqual({
    modelPath: "/models/net.onnx",
    threadsCount: 3,
    interThreadsCount: 1,
    execution: "sequential",
    optimization: "all",
    optimizedPath: null,
    hasArena: true,
    hasMemoryPattern: true,
    isPrepacked: true,
    isSpinning: true,
    threadCpus: null,
  });
});

test("strict threads have a CPU of the instance each", () => {
  expect(plan({ isStrict: true, threadsCount: 2 }).threadCpus).toEqual([2, 4]);
  expect(plan({ model: new Uint8Array() }).modelPath).toBe(null);
});

test.each<Partial<SessionSpec>>([
  { threadsCount: 0 },
  { threadsCount: 4 },
  { threadsCount: 1.5 },
  { interThreadsCount: 9 },
  { optimization: "most" as "all" },
  { execution: "random" as "parallel" },
])("%j is refused", (spec) => {
  expect(() => plan(spec)).toThrow(expect.objectContaining({ code: "invalid-setting" }) as Error);
});

test("a platform without onnxruntime is an error with what to do", () => {
  expect(findOnnxRuntime().version).toMatch(/^\d+\.\d+/);
  expect(() => findOnnxRuntime("plan9", "vax")).toThrow(expect.objectContaining({ code: "engine-missing" }) as Error);
});
