import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

type ReadKernel = (start: number, end: number) => bigint;

const bytes = readFileSync(fileURLToPath(new URL("kernels/read.wasm", import.meta.resolve("numalab/measure"))));

test("the read kernel sums every 64-bit word of its range, and no other", () => {
  const memory = new WebAssembly.Memory({ initial: 2 });
  const words = new BigUint64Array(memory.buffer).map((_, index) => BigInt(index) * 0x9e3779b97f4a7c15n);
  new BigUint64Array(memory.buffer).set(words);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const read = exports["read"] as ReadKernel;
  for (const [start, end] of [
    [0, 128],
    [256, 256],
    [128, 2 ** 17],
    [4096, 65_536],
  ] as const) {
    const expected = words.slice(start / 8, end / 8).reduce((sum, word) => sum + word, 0n);
    expect(read(start, end)).toBe(BigInt.asIntN(64, expected));
  }
});

test("the kernel reads by 128-bit loads", () => {
  const v128Load = [0xfd, 0x00, 0x04];
  expect(bytes.includes(Buffer.from(v128Load))).toBe(true);
});
