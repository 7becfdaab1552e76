import { CompressionError, compressionLadder, readSamples } from "numalab/compression";
import { planNativeInstance } from "numalab/inference";
import { writeOnnx } from "numalab/onnx";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { image, sentence, smallConvolutionNet, smallEncoder } from "./smallGraphs.ts";

const folder = mkdtempSync(join(tmpdir(), "numalab-ladder-"));
const instance = await planNativeInstance(1);
const samples = [sentence(), sentence()];

afterAll(() => {
  rmSync(folder, { recursive: true });
});

it("the ladder of a file goes from float32 over int8 to fewer heads and neurons, and to 4 bits", async () => {
  const path = join(folder, "encoder.onnx");
  await writeOnnx(smallEncoder(), { path });
  const calibration = [sentence()];
  const rows = await compressionLadder(path, { samples, calibration, instance, roundsCount: 3, hasInt4: true });
  expect(rows.map(({ name }) => name)).toEqual(["FP32", "INT8", "pruned + INT8", "INT4"]);
  const [first, int8, pruned] = rows;
  expect(first).toMatchObject({ fileBytesRatio: 1, latencyRatio: null, loss: null });
  expect(pruned!.parametersCount).toBeLessThan(int8!.parametersCount);
  expect(pruned!.fileBytes).toBeLessThan(int8!.fileBytes);
});

it("a net without heads climbs it unpruned, with ranges found on samples", async () => {
  const spec = { samples: [image()], instance, roundsCount: 3, pruning: null, form: "int8-static" } as const;
  const rows = await compressionLadder(smallConvolutionNet(), { ...spec, calibration: [image(), image()] });
  expect(rows.map(({ name }) => name)).toEqual(["FP32", "INT8"]);
  expect(rows[1]!.error.sqnrDecibels).toBeGreaterThan(20);
  await expect(compressionLadder(smallConvolutionNet(), spec)).rejects.toThrow(CompressionError);
  await expect(compressionLadder(smallConvolutionNet(), spec)).rejects.toMatchObject({ code: "needs-samples" });
});

it("a file of samples that is not there is named", async () => {
  const samples = readSamples(join(folder, "none.jsonl"), smallEncoder().inputs);
  await expect(compressionLadder(smallEncoder(), { samples, instance })).rejects.toMatchObject({ code: "bad-samples" });
});
