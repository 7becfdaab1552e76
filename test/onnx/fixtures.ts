import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { createGraphBuilder } from "../../sdk/onnx/builder.ts";
import { OnnxError } from "../../sdk/onnx/errors.ts";
import type { OnnxGraph } from "../../sdk/onnx/graph.ts";
import { tensorOf } from "../../sdk/onnx/tensor.ts";

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "numalab-onnx-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A graph with every kind of attribute, a weight that is large enough for a file beside, and one that is not. */
export function smallGraph(): OnnxGraph {
  const builder = createGraphBuilder();
  const x = builder.input({ name: "x", type: "float32", dimensions: ["batch", 16] });
  const matrix = builder.weight(
    tensorOf(
      "matrix",
      Float32Array.from({ length: 16 * 32 }, (_, i) => i / 512),
      [16, 32],
    ),
  );
  const bias = builder.weight(tensorOf("bias", new Float32Array(32).fill(-1)));
  const [flat = ""] = builder.nodeOf("Flatten", [x], { attributes: { axis: { int: 1 } }, name: "flat" });
  const sum = builder.node("Gemm", [flat, matrix, bias], {
    attributes: { alpha: { float: 0.5 }, beta: { float: 1 }, transB: { int: 0 } },
  });
  const two = builder.node("Constant", [], {
    attributes: { value: { tensor: tensorOf("two", new Float32Array([2])) } },
  });
  const three = builder.node("Constant", [], { attributes: { value_floats: { floats: [3] } } });
  const scaled = builder.node("Mul", [builder.node("Add", [sum, two]), three]);
  const activated = builder.node("Gelu", [scaled], { domain: "com.microsoft" });
  const turned = builder.node("Transpose", [activated], { attributes: { perm: { ints: [0, 1] } } });
  builder.output(turned, { name: "y", type: "float32", dimensions: ["batch", 32] });
  return builder.build({ name: "small", metadata: { synthetic: "true" } });
}

/** The code of the OnnxError that a promise ends in; any other end fails the test. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => new Error("nothing was thrown"),
    (reason: unknown) => reason,
  );
  if (error instanceof OnnxError) return error.code;
  throw error;
}
