import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGraphBuilder, encodeOnnx, tensorOf, writeOnnx } from "numalab/onnx";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "numalab-onnx-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Twice the sum over an input of 512 elements, of which the weight leaves every second. */
function weightedSum() {
  const builder = createGraphBuilder();
  const x = builder.input({ name: "x", type: "float32", dimensions: ["batch", 512] });
  const weight = builder.weight(
    tensorOf(
      "weight",
      Float32Array.from({ length: 512 }, (_, i) => i % 2),
      [512, 1],
    ),
  );
  const sum = builder.node("MatMul", [x, weight]);
  const doubled = builder.node("Add", [sum, sum]);
  builder.output(doubled, { name: "y", type: "float32", dimensions: ["batch", 1] });
  return builder.build({ name: "weighted sum" });
}

async function runOn(model: string | Uint8Array): Promise<unknown> {
  const options = { intraOpNumThreads: 1 };
  const session = await (typeof model === "string"
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options));
  const { y } = await session.run({ x: new Tensor("float32", new Float32Array(1024).fill(0.5), [2, 512]) });
  await session.release();
  return [...(y?.data as Float32Array)];
}

test("onnxruntime runs a graph from memory, from one file and with external data", async () => {
  const inline = await writeOnnx(weightedSum(), { path: join(folder, "inline.onnx"), externalData: "never" });
  const external = await writeOnnx(weightedSum(), { path: join(folder, "external.onnx"), externalData: "always" });
  expect([inline.externalBytes, external.externalBytes]).toEqual([0, 4096]);
  for (const model of [encodeOnnx(weightedSum()), inline.path, external.path]) {
    expect(await runOn(model)).toEqual([256, 256]);
  }
});
