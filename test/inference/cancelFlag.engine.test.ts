import { expect, test } from "vitest";
import { startWhole, synthesizeTiny } from "./tinyEngine.ts";

test("a text is cancelled while its long prompt is read, and the engine goes on", async () => {
  const { path: modelPath } = await synthesizeTiny();
  const contextTokensCount = 16384;
  await using engine = await startWhole({
    ...{ modelPath, driver: "llama" },
    ...{ contextTokensCount, batchTokensCount: contextTokensCount, microBatchTokensCount: 16 },
  });
  const prompt = "ba ".repeat(5000);
  const controller = new AbortController();
  const writing = engine.generate(prompt, { signal: controller.signal });
  await new Promise((resolve) => setTimeout(resolve, 100));
  const abortedAt = performance.now();
  controller.abort();
  expect(await writing).toMatchObject({ stopReason: "cancelled", tokens: [], text: "" });
  expect(performance.now() - abortedAt).toBeLessThan(1000);
  expect((await engine.generate("ba du", { maximumTokensCount: 4 })).tokens).toHaveLength(4);
  const whole = AbortSignal.abort();
  expect(await engine.generate(prompt, { signal: whole })).toMatchObject({ stopReason: "cancelled", tokens: [] });
});
