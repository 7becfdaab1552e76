import { expect, test } from "vitest";
import { modelKeyOf, modelNamesOf } from "../../sdk/record/modelName.ts";
import type { Run } from "../../sdk/record/run.ts";
import { sampleRun } from "./sampleRun.ts";

const of = (model: Partial<NonNullable<Run["model"]>>): Run => ({
  ...sampleRun,
  model: { ...sampleRun.model!, ...model },
});
const namesOf = (...models: Parameters<typeof of>[0][]) => [...modelNamesOf(models.map(of)).values()];

test("a model keeps its name while no other has it", () => {
  expect(namesOf({}, { quant: "Q8_0" }, { name: "other" })).toEqual(["example-0.5b", "example-0.5b", "other"]);
});

test("two files called the same are told apart by their file names, and those by their digests", () => {
  const [a, b] = [
    { fileName: "a.gguf", fileDigest: "aa" },
    { fileName: "b.gguf", fileDigest: "bb" },
  ];
  expect(namesOf(a, b, a)).toEqual(["example-0.5b (a.gguf)", "example-0.5b (b.gguf)"]);
  expect(namesOf(a, { ...b, fileName: "a.gguf" })).toEqual(["example-0.5b (a.gguf, aa)", "example-0.5b (a.gguf, bb)"]);
});

test("a record without a digest knows its file by name, quantization and size", () => {
  const keys = [{}, { fileBytes: 1 }, { quant: "Q8_0" }].map((model) => modelKeyOf(of(model).model!));
  expect(new Set(keys).size).toBe(3);
});
