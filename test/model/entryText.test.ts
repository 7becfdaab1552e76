import { expect, test } from "vitest";
import { ModelError } from "../../sdk/model/errors.ts";
import { parseEntry } from "../../sdk/model/entryText.ts";

test.for([
  ["general.name=string:a = b", { key: "general.name", type: "string", value: "a = b" }],
  ["llama.rope.freq_base=float32:5e5", { key: "llama.rope.freq_base", type: "float32", value: 500_000 }],
  ["n=uint64:18446744073709551615", { key: "n", type: "uint64", value: 2n ** 64n - 1n }],
  ["n=int8:-128", { key: "n", type: "int8", value: -128 }],
  ["yes=bool:true", { key: "yes", type: "bool", value: true }],
  ["sizes=uint32[]:64,96", { key: "sizes", type: "uint32", items: [64, 96] }],
  ["tags=string[]:", { key: "tags", type: "string", items: [] }],
] as const)("%s is understood", ([text, entry]) => {
  expect(parseEntry(text)).toEqual(entry);
});

test.for([
  "name",
  "n=uint8",
  "n=uint8:",
  "n=uint8:256",
  "n=uint8:-1",
  "n=int32:1.5",
  "n=bool:1",
  "n=float32:x",
  "n=text:x",
])("%s is refused", (text) => {
  expect(() => parseEntry(text)).toThrow(ModelError);
});
