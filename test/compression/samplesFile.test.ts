import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSamples } from "../../sdk/compression/samplesFile.ts";
import type { Tensor, ValueInfo } from "../../sdk/onnx/index.ts";

const inputs: readonly ValueInfo[] = [
  { name: "ids", type: "int64", dimensions: ["batch", 2] },
  { name: "mask", type: "float32", dimensions: ["batch", 2] },
];

async function samplesOf(text: string): Promise<readonly (readonly Tensor[])[]> {
  const path = join(mkdtempSync(join(tmpdir(), "numalab-samples-")), "samples.jsonl");
  writeFileSync(path, text);
  const samples = [];
  for await (const sample of readSamples(path, inputs)) samples.push(sample);
  return samples;
}

describe("a file of samples", () => {
  it("gives a tensor for each input of each line", async () => {
    const samples = await samplesOf('{"ids": [[1, 2]], "mask": [[1, 0.5]]}\n\n{"mask": [[0, 0]], "ids": [[3, 4]]}\n');
    expect(samples.map((sample) => sample.map(({ name, type, dimensions }) => [name, type, dimensions]))).toEqual([
      [
        ["ids", "int64", [1, 2]],
        ["mask", "float32", [1, 2]],
      ],
      [
        ["ids", "int64", [1, 2]],
        ["mask", "float32", [1, 2]],
      ],
    ]);
  });

  it.each([
    ["not JSON", "is no JSON object"],
    ["null", "is no JSON object"],
    ['{"ids": [[1, 2]]}', "has no array for the input mask"],
    ['{"ids": [[1, 2], [3]], "mask": [[0, 0]]}', "unequal length"],
    ['{"ids": [[1, 2.5]], "mask": [[0, 0]]}', "no int64"],
    ['{"ids": [["a", 2]], "mask": [[0, 0]]}', "no int64"],
  ])("refuses %s", async (line, words) => {
    await expect(samplesOf(line)).rejects.toMatchObject({
      code: "bad-samples",
      message: expect.stringContaining(words) as string,
    });
  });

  it("that is not there is refused", async () => {
    await expect(readSamples("/nowhere/samples.jsonl", inputs).next()).rejects.toMatchObject({ code: "bad-samples" });
  });
});
