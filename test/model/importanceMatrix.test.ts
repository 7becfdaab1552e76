import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { GgufEntry } from "../../sdk/model/gguf.ts";
import { alignUp } from "../../sdk/model/gguf.ts";
import { formatHeader } from "../../sdk/model/headerBytes.ts";
import { readImportanceMatrix } from "../../sdk/model/importanceMatrix.ts";
import { codeOf, temporaryFolder, tensor } from "./fixtures.ts";

const measured: readonly GgufEntry[] = [
  { key: "imatrix.datasets", type: "string", items: ["text.txt", "more.txt"] },
  { key: "imatrix.chunk_count", type: "uint32", value: 7 },
  { key: "imatrix.chunk_size", type: "uint32", value: 512 },
];

/** A file of F32 tensors. */
function write(entries: readonly GgufEntry[], numbers: Readonly<Record<string, readonly number[]>>): string {
  const path = join(temporaryFolder(), "imatrix.gguf");
  const tensors = Object.entries(numbers);
  const header = formatHeader(
    entries,
    tensors.map(([name, values]) => tensor(name, [values.length], "F32")),
  );
  const bodies = tensors.map(([, values]) => {
    const body = Buffer.alloc(alignUp(values.length * 4));
    Buffer.from(Float32Array.from(values).buffer).copy(body);
    return body;
  });
  writeFileSync(path, Buffer.concat([header, ...bodies]));
  return path;
}

test("means are sums over counts, each expert by its own, and alike where an expert saw nothing", async () => {
  const path = write(measured, { "w.in_sum2": [2, 4, 8, 16, 5, 6], "w.counts": [2, 4, 0] });
  const { weights, ...facts } = await readImportanceMatrix(path);
  expect(facts).toEqual({ path, dataset: "text.txt", chunksCount: 7 });
  expect([...weights]).toEqual([["w", Float32Array.of(1, 2, 2, 4, 1, 1)]]);
});

test("what is no importance matrix is refused", async () => {
  const numbers = { "w.in_sum2": [1], "w.counts": [1] };
  expect(await codeOf(readImportanceMatrix(write([], numbers)))).toBe("not-an-importance-matrix");
  expect(await codeOf(readImportanceMatrix(write(measured, { w: [1] })))).toBe("not-an-importance-matrix");
  expect(await codeOf(readImportanceMatrix(write(measured, { "w.in_sum2": [1] })))).toBe("not-an-importance-matrix");
  const old = join(temporaryFolder(), "imatrix.dat");
  writeFileSync(old, "old format");
  expect(await codeOf(readImportanceMatrix(old))).toBe("not-gguf");
});
