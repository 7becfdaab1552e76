import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeOnnx } from "../../sdk/onnx/encoding.ts";
import { readOnnx } from "../../sdk/onnx/reading.ts";
import { writeOnnx } from "../../sdk/onnx/writing.ts";
import { codeOf, smallGraph, temporaryFolder } from "./fixtures.ts";

test("a small graph is one file, the same as in memory", async () => {
  const path = join(temporaryFolder(), "small.onnx");
  const bytes = encodeOnnx(smallGraph());
  expect(await writeOnnx(smallGraph(), { path })).toEqual({
    path,
    externalPath: null,
    fileBytes: bytes.length,
    externalBytes: 0,
  });
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

test("external data begins each large weight on a page, and is read back", async () => {
  const graph = smallGraph();
  const more = { ...graph.weights[0]!, name: "more", data: new Uint8Array(16 * 32 * 4).fill(7) };
  const larger = { ...graph, weights: [...graph.weights, more] };
  const path = join(temporaryFolder(), "small.onnx");
  const files = await writeOnnx(larger, { path, externalData: "always" });
  expect(files).toMatchObject({ externalPath: `${path}.data`, externalBytes: 8192 });
  expect(statSync(`${path}.data`).size).toBe(8192);
  expect(readFileSync(`${path}.data`).subarray(4096, 4096 + 2048)).toEqual(Buffer.from(more.data));
  expect(encodeOnnx(await readOnnx(path))).toEqual(encodeOnnx(larger));
});

describe("a file that cannot be written", () => {
  test("leaves nothing behind when writing is stopped", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "small.onnx");
    const stopped = writeOnnx(smallGraph(), { path, externalData: "always", signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
    expect(readdirSync(folder)).toEqual([]);
  });

  test("is refused where another process writes it, or its external data", async () => {
    const folder = temporaryFolder();
    const path = join(folder, "small.onnx");
    for (const name of ["small.onnx", "small.onnx.data"]) {
      writeFileSync(join(folder, `.${name}.partial-${process.ppid}`), "");
      const refused = writeOnnx(smallGraph(), { path, externalData: "always" });
      await expect(refused).rejects.toMatchObject({ code: "already-writing" });
    }
    expect(readdirSync(folder)).toHaveLength(2);
  });

  test("is not written by two calls at once", async () => {
    const path = join(temporaryFolder(), "small.onnx");
    const calls = await Promise.allSettled([writeOnnx(smallGraph(), { path }), writeOnnx(smallGraph(), { path })]);
    expect(calls.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  test("is refused without the ending that says what it is", async () => {
    expect(await codeOf(writeOnnx(smallGraph(), { path: join(temporaryFolder(), "small.bin") }))).toBe("bad-path");
  });
});
