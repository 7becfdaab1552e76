import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quantizationErrors, quantizeModel, sqnrDecibelsOf } from "numalab/inference";
import { type Model, type ShapeSpec, synthesizeModel } from "numalab/model";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tensorTypes } from "../../sdk/model/tensorType.ts";

const folder = mkdtempSync(join(tmpdir(), "numalab-errors-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const shape: ShapeSpec = {
  architecture: "llama",
  layersCount: 1,
  hiddenSize: 256,
  feedForwardSize: 512,
  headsCount: 4,
  kvHeadsCount: 2,
  vocabularyCount: 1000,
};

let original: Model;
beforeAll(async () => {
  original = await synthesizeModel({ shape, quant: "F16", randomSeed: 1, path: join(folder, "m-f16.gguf") });
});

const quantize = (quant: string) =>
  quantizeModel({ path: original.path, quant, outputPath: join(folder, `${quant}.gguf`) });

function readHalf(bytes: Buffer, at: number): number {
  const bits = bytes.readUInt16LE(at);
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** Blocks of a scale in F16 and 32 whole numbers of 8 bits. */
const readQ8 = (bytes: Buffer, index: number) => {
  const at = Math.floor(index / 32) * 34;
  return readHalf(bytes, at) * bytes.readInt8(at + 2 + (index % 32));
};

const bytesOf = ({ path, tensors }: Model, name: string) => {
  const { offsetBytes, bytes } = tensors.find((tensor) => tensor.name === name)!;
  return readFileSync(path).subarray(offsetBytes, offsetBytes + bytes);
};

test("the ratio is that of weights unpacked by hand", async () => {
  const quantized = await quantize("Q8_0");
  const errors = await quantizationErrors(original.path, quantized.path);
  const name = "blk.0.attn_q.weight";
  const [before, after] = [bytesOf(original, name), bytesOf(quantized, name)];
  let [signal, noise] = [0, 0];
  for (let index = 0; index < 256 * 256; index++) {
    const weight = readHalf(before, 2 * index);
    signal += weight ** 2;
    noise += (weight - Math.fround(readQ8(after, index))) ** 2;
  }
  const found = errors.find((error) => error.name === name)!;
  expect(found.sqnrDecibels).toBeCloseTo(10 * Math.log10(signal / noise), 9);
  expect(found).toMatchObject({
    originalType: "F16",
    type: "Q8_0",
    weightsCount: 65_536,
    sampledRatio: 1,
    reason: null,
  });
  expect(errors.find((error) => error.name === "output_norm.weight")).toMatchObject({
    sqnrDecibels: null,
    reason: "equal",
  });
  expect(errors).toHaveLength(original.tensors.length);
});

test("fewer bits give more noise", async () => {
  const ratios: number[] = [];
  for (const quant of ["Q6_K", "Q5_K_S", "Q4_K_S", "Q3_K_S", "Q2_K", "TQ2_0"]) {
    ratios.push(sqnrDecibelsOf(await quantizationErrors(original.path, (await quantize(quant)).path))!);
  }
  expect(ratios).toEqual(ratios.toSorted((a, b) => b - a));
  expect(ratios[0]).toBeGreaterThan(35);
  expect(sqnrDecibelsOf(await quantizationErrors(original.path, original.path))).toBeNull();
});

test("of large tensors some rows are compared, and the share is told", async () => {
  const { path } = await quantize("Q4_0");
  const all = await quantizationErrors(original.path, path);
  const some = await quantizationErrors(original.path, path, { sampledWeightsCount: 256 * 50 });
  const table = some.find(({ name }) => name === "token_embd.weight")!;
  expect(table.sampledRatio).toBe(50 / 1000);
  expect(table.sqnrDecibels).toBeCloseTo(all.find(({ name }) => name === "token_embd.weight")!.sqnrDecibels!, 0);
});

describe("what is refused", () => {
  test("files of two models", async () => {
    const path = join(folder, "other.gguf");
    await synthesizeModel({ shape: { ...shape, feedForwardSize: 768 }, quant: "F16", randomSeed: 1, path });
    await expect(quantizationErrors(original.path, path)).rejects.toMatchObject({ code: "not-comparable" });
    const deeper = join(folder, "deeper.gguf");
    await synthesizeModel({ shape: { ...shape, layersCount: 2 }, quant: "F16", randomSeed: 1, path: deeper });
    await expect(quantizationErrors(deeper, original.path)).rejects.toMatchObject({ code: "not-comparable" });
  });

  test("a comparison that was stopped", async () => {
    const stopped = quantizationErrors(original.path, original.path, { signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
  });
});

test("the library packs every storage format as our table says", () => {
  const dist = join(import.meta.dirname, "../../dist/sdk/inference");
  const code = `
    import { openTypeTraits } from "${dist}/worker/typeTraits.js";
    import { findEngineLibraries } from "numalab/inference";
    const unpackOf = openTypeTraits(findEngineLibraries().folder);
    console.log(JSON.stringify(process.argv.slice(1).filter((type) => unpackOf(type) === null)));
  `;
  const names = [...tensorTypes.values()].map(({ name }) => name);
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", code, ...names], {
    cwd: join(import.meta.dirname, "../.."),
    encoding: "utf8",
  });
  expect(JSON.parse(output)).toEqual(["Q8_1", "Q8_K", "I8", "I16", "I32", "I64", "F64"]);
});
