import { calibrate, quantizeStatic, type RangeMethod, valueErrors } from "numalab/compression";
import { planNativeInstance, planSession, startSession } from "numalab/inference";
import { encodeOnnx, inspectOnnx, type OnnxGraph, type Tensor } from "numalab/onnx";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { image, sentence, smallConvolutionNet, smallEncoder } from "../smallGraphs.ts";

const instance = await planNativeInstance(1);
const methods: readonly RangeMethod[] = ["min-max", "percentile", "entropy"];

async function sqnrOf(original: OnnxGraph, draw: () => readonly Tensor[], method: RangeMethod): Promise<number> {
  const calibration = { samples: Array.from({ length: 8 }, draw), instance };
  const { graph } = quantizeStatic(original, await calibrate(original, calibration, { method }));
  const [output] = await valueErrors({ original, other: graph }, { samples: [draw(), draw()], instance });
  return output!.sqnrDecibels!;
}

describe("static quantization", () => {
  it.each(methods)("of a convolution net by %s keeps its outputs on other samples", async (method) => {
    expect(await sqnrOf(smallConvolutionNet(), image, method)).toBeGreaterThan(20);
  });

  it("leaves no convolution that onnxruntime does not compute in whole numbers", async () => {
    const original = smallConvolutionNet();
    const { graph } = quantizeStatic(original, await calibrate(original, { samples: [image()], instance }));
    const folder = mkdtempSync(join(tmpdir(), "numalab-static-"));
    const optimizedPath = join(folder, "optimized.onnx");
    const spec = { model: encodeOnnx(graph), optimization: "extended", optimizedPath } as const;
    await (await startSession(planSession(spec, instance))).close();
    const { operatorsCounts } = await inspectOnnx(optimizedPath);
    rmSync(folder, { recursive: true });
    expect(operatorsCounts).toMatchObject({ QLinearConv: 3 });
    expect(operatorsCounts).not.toHaveProperty("Conv");
  });

  it("of an encoder keeps its outputs on other samples", async () => {
    expect(await sqnrOf(smallEncoder(), sentence, "percentile")).toBeGreaterThan(15);
  });

  it("refuses ranges of another graph, and samples that are none", async () => {
    const net = smallConvolutionNet();
    expect(() => quantizeStatic(net, new Map())).toThrow(expect.objectContaining({ code: "bad-samples" }));
    await expect(calibrate(net, { samples: [], instance })).rejects.toMatchObject({ code: "bad-samples" });
    const broken = image().map((tensor) => ({ ...tensor, data: new Uint8Array(tensor.data.length).fill(255) }));
    await expect(calibrate(net, { samples: [broken], instance })).rejects.toMatchObject({ code: "bad-samples" });
    await expect(calibrate(net, { samples: [sentence()], instance })).rejects.toMatchObject({
      code: "invalid-request",
    });
  });
});
