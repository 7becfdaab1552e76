import { expect, test } from "vitest";
import { asksForImportanceMatrix, parseFailure, parseTensorLine } from "../../sdk/inference/quantizerLog.ts";

test("a line about a tensor gives its name and what it becomes", () => {
  const shape = "[   256,   2000,      1,      1], type =";
  expect(
    parseTensorLine(
      `[   1/  21] output.weight             - ${shape}    f16, size =     0.98 MiB ->     0.40 MiB (q6_K)`,
    ),
  ).toEqual({ name: "output.weight", type: "Q6_K" });
  expect(parseTensorLine(`[ 1021/1021] output_norm.weight   - ${shape}    f32, size =    0.001 MiB`)).toEqual({
    name: "output_norm.weight",
    type: "F32",
  });
  expect(
    parseTensorLine(
      `[   3/  21] token_embd.weight    - ${shape}   f16, converting to q4_K .. size =  0.98 MiB -> 0.27 MiB`,
    ),
  ).toEqual({ name: "token_embd.weight", type: null });
});

test("other lines give nothing", () => {
  expect(parseTensorLine("llama_model_loader: - type  f16:   16 tensors")).toBeNull();
  expect(parseTensorLine("")).toBeNull();
});

test("a log tells whether a matrix is missing, and why the quantizer failed", () => {
  const warning =
    "x: WARNING: dry run completed successfully, but actually completing this quantization will require an imatrix!";
  expect(asksForImportanceMatrix(["a", warning])).toBe(true);
  expect(asksForImportanceMatrix(["a"])).toBe(false);
  expect(parseFailure(["a", "llama_model_quantize: failed to quantize: no such thing"])).toBe("no such thing");
  expect(parseFailure(["a", "b", "", "c", "d"])).toBe("b\nc\nd");
});
