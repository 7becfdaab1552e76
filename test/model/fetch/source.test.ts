import { expect, test } from "vitest";
import { parseSource } from "../../../sdk/model/fetch/source.ts";
import { ModelError } from "../../../sdk/model/errors.ts";

const hub = { kind: "hub", repository: "maker/tiny", revision: "main", quant: null, file: null };

test.for([
  ["hf:maker/tiny", hub],
  ["hf:maker/tiny:Q4_K_M", { ...hub, quant: "Q4_K_M" }],
  ["hf:maker/tiny/sub/a b.gguf", { ...hub, file: "sub/a b.gguf" }],
  ["hf:maker/tiny:Q8_0#v2", { ...hub, quant: "Q8_0", revision: "v2" }],
  ["https://example.org/a.gguf?signed=1", { kind: "url", url: "https://example.org/a.gguf?signed=1" }],
] as const)("%s names a model", ([text, source]) => {
  expect(parseSource(text)).toEqual(source);
});

test.for(["", "maker/tiny", "hf:tiny", "hf:../../x", "file:///a.gguf", "https://example.org/page", "hf:a/b/c.bin"])(
  "%j names no model",
  (text) => {
    expect(() => parseSource(text)).toThrow(ModelError);
  },
);
