import { expect, test } from "vitest";
import { narrowed, shortened } from "../../sdk/model/cut.ts";
import { readPreset, readPresets } from "../../sdk/model/preset.ts";

async function presetNamed(called: string) {
  const { name, shape } = await readPreset(called);
  return { name, fileStem: name.toLowerCase(), shape };
}

test.for([
  [3, 3],
  [1 / 8, 3],
  [0.001, 1],
] as const)("a depth of %d keeps %d of 24 layers, and the name tells it", async ([depth, layersCount]) => {
  const { name, fileStem, shape } = shortened(await presetNamed("qwen2.5-0.5b"), depth);
  expect(shape.layersCount).toBe(layersCount);
  expect(name).toBe(`Qwen2.5-0.5B, ${layersCount} of 24 layers`);
  expect(fileStem).toBe(`qwen2.5-0.5b-${layersCount}-layers`);
});

test("a narrower model keeps the size of its heads, and the name tells its width", async () => {
  const { name, fileStem, shape } = narrowed(await presetNamed("mixtral-8x7b"), 1 / 4);
  expect(shape).toMatchObject({ hiddenSize: 1024, headsCount: 8, kvHeadsCount: 2, headSize: 128 });
  expect(shape).toMatchObject({ feedForwardSize: 3584, expertFeedForwardSize: 3584, expertsCount: 8 });
  expect([name, fileStem]).toEqual(["Mixtral-8x7B, 1024 of 4096 wide", "mixtral-8x7b-1024-wide"]);
});

test("every preset can be half as wide, in rows of whole blocks, unless it is as narrow as a block", async () => {
  for (const { name, shape } of await readPresets()) {
    if (shape.hiddenSize < 768) continue;
    const narrow = narrowed({ name, fileStem: name, shape }, 1 / 2).shape;
    const { hiddenSize, feedForwardSize, headsCount, kvHeadsCount, headSize } = narrow;
    expect([name, hiddenSize % 256, feedForwardSize % 256]).toEqual([name, 0, 0]);
    expect([name, headsCount % kvHeadsCount, headSize]).toEqual([name, 0, shape.headSize]);
    expect(hiddenSize / shape.hiddenSize, name).toBeGreaterThan(0.3);
    expect(hiddenSize / shape.hiddenSize, name).toBeLessThan(0.8);
  }
});

test.for([0, -1, 1.5, 25, Number.NaN])("a depth of %d is refused", async (depth) => {
  const whole = await presetNamed("qwen2.5-0.5b");
  expect(() => shortened(whole, depth)).toThrow("Pass 1 to 24, or a share below 1.");
});

test("a width that is no share, or would not make it narrower, is refused", async () => {
  const whole = await presetNamed("bert-tiny");
  for (const width of [0, -0.5, 2, Number.NaN]) expect(() => narrowed(whole, width)).toThrow("Pass a share above 0");
  expect(() => narrowed(whole, 1 / 2)).toThrow("would be 256 wide, and it is 128");
});
