import { expect, test } from "vitest";
import { labelOf } from "../../sdk/units/label.ts";

test.each([
  ["decodeTokensPerSecond", "Decode (tokens/s)"],
  ["ttftSeconds", "TTFT (s)"],
  ["fileBytes", "File (B)"],
  ["kvBytesPerToken", "KV (B/token)"],
  ["threadsCount", "Threads"],
  ["localPagesRatio", "Local pages (ratio)"],
  ["numaNodesCount", "NUMA nodes"],
  ["hiddenSize", "Hidden size"],
  ["model", "Model"],
  ["bytesPerSecond", "Bytes per second"],
])("the heading of %s is %s", (name, label) => {
  expect(labelOf(name)).toBe(label);
});

test("a heading names the unit that the numbers were scaled to", () => {
  expect(labelOf("bandwidthBytesPerSecond", { symbol: "GB/s", factor: 1e9 })).toBe("Bandwidth (GB/s)");
});
