import { expect, test } from "vitest";
import { fileTypeOf, quantLabels } from "../../sdk/model/fileType.ts";

test("a mix is found by its label in any case, and by llama-quantize's own names", () => {
  expect(fileTypeOf("q4_k_m")).toEqual({ id: 15, label: "Q4_K_M" });
  expect(fileTypeOf("Q4_K")).toEqual(fileTypeOf("Q4_K_M"));
  expect(fileTypeOf("MXFP4_MOE").label).toBe("MXFP4");
  for (const label of quantLabels) expect(fileTypeOf(label).label).toBe(label);
});

test("an unknown mix is refused with all that there are", () => {
  expect(() => fileTypeOf("Q9_9")).toThrow(/no quantization Q9_9\. Pass one of F32, F16, Q4_0/);
  expect(() => fileTypeOf("NVFP4")).toThrow(expect.objectContaining({ code: "no-such-quant" }));
});
