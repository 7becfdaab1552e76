import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";

const main = join(import.meta.dirname, "../../../dist/sdk/cli/main.js");
const folder = mkdtempSync(join(tmpdir(), "numalab-cli-onnx-"));
const run = (...args: string[]) =>
  spawnSync(process.execPath, [main, "model", ...args], { encoding: "utf8", cwd: folder });
const numbers = (value: (at: number) => number) => [Array.from({ length: 8 }, (_, at) => value(at))];

beforeAll(() => {
  const sample = {
    input_ids: numbers((at) => 100 * at),
    token_type_ids: numbers(() => 0),
    attention_mask: numbers(() => 1),
  };
  writeFileSync(join(folder, "samples.jsonl"), `${JSON.stringify(sample)}\n`);
  writeFileSync(join(folder, "bad.jsonl"), '{"input_ids": [[1, "two"]]}\n');
  const made = run("synth", "bert-tiny", "--onnx", "--out", "tiny.onnx");
  expect(made.stdout).toContain("SYNTHETIC");
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("an ONNX file is made smaller and compared", () => {
  it.each([
    ["int8", [], 0.3],
    ["int8-static", ["--calibration", "samples.jsonl"], 1],
    ["int4", [], 0.95],
  ] as const)("%s", (quant, flags, most) => {
    const made = run("quantize", "tiny.onnx", "--quant", quant, ...flags, "--json");
    const { path, fileBytes, originalBytes, layers } = JSON.parse(made.stdout) as {
      path: string;
      fileBytes: number;
      originalBytes: number;
      layers: unknown[];
    };
    expect(path).toContain(`tiny-${quant}.onnx`);
    expect(fileBytes / originalBytes).toBeLessThan(most);
    expect(layers.length).toBeGreaterThan(12);
    const compared = run(
      "compare",
      "tiny.onnx",
      path,
      ...(quant === "int8-static" ? ["--calibration", "samples.jsonl"] : []),
    );
    expect(compared.stdout).toContain("| layers.0.up:0 |");
    expect(compared.stdout).toMatch(/\| pooler_output \|.*\d/);
    expect(compared.stdout).toContain(quant === "int8-static" ? "on samples.jsonl" : "on random inputs");
    expect(run("inspect", path).stdout).toMatch(/one run +\d.* multiply-adds/);
  });

  it("pruned, with what other sizes have no figure for said", () => {
    const made = run("prune", "tiny.onnx", "--heads", "0.5", "--ffn", "128,64", "-o", "pruned.onnx");
    expect(made.stdout).toMatch(/layers\.1\.down \| neurons \| 512 \| 64 \|/);
    expect(made.stdout).toMatch(/pruned\.onnx: .* of .* \(\d+(\.\d)? %\)/);
    const compared = run("compare", "tiny.onnx", "pruned.onnx");
    expect(compared.stdout).toContain("the sizes differ");
  });

  it("as a ladder", () => {
    const { stdout } = run("ladder", "tiny.onnx", "--rounds", "3", "--threads", "1", "--int4");
    expect(stdout).toMatch(/FP32[^]*INT8[^]*pruned \+ INT8[^]*INT4[^]*on random inputs/);
  });
});

test.each([
  [["quantize", "tiny.onnx", "--quant", "Q4_K_M"], "CompressionError [no-such-quant]"],
  [["quantize", "tiny.onnx", "--quant", "int8-static", "-o", "x.onnx"], "CompressionError [needs-samples]"],
  [
    ["quantize", "tiny.onnx", "--quant", "int8", "--threads", "2", "--imatrix", "x"],
    "--imatrix, --threads say nothing of ONNX",
  ],
  [["prune", "tiny.onnx", "-o", "x.onnx"], "CompressionError [bad-setting]"],
  [["prune", "tiny.onnx", "--heads", "0", "-o", "x.onnx"], "CompressionError [bad-setting]"],
  [["prune", "tiny.onnx", "--ffn", "1.5", "-o", "x.onnx"], "CompressionError [bad-setting]"],
  [["prune", "tiny.onnx", "--layers", "0", "-o", "x.onnx"], "--layers say nothing of ONNX"],
  [["synth", "bert-tiny", "--onnx", "--quant", "Q8_0", "--width", "1/2"], "--quant, --width shape GGUF files"],
  [["synth", "bert-tiny", "--onnx", "--vocabulary", "qwen2"], "--vocabulary shape GGUF files"],
  [
    ["quantize", "some.gguf", "--quant", "Q8_0", "--calibration", "samples.jsonl"],
    "--calibration says nothing of GGUF",
  ],
])("%j is wrong usage, which exits with 2", (args, message) => {
  const { status, stderr, stdout } = run(...args);
  expect(stderr).toContain(message);
  expect(stdout).toBe("");
  expect(status).toBe(2);
});

test.each([
  [
    ["quantize", "tiny.onnx", "--quant", "int8-static", "--calibration", "bad.jsonl", "-o", "x.onnx"],
    "CompressionError [bad-samples]",
  ],
  [
    ["quantize", "tiny.onnx", "--quant", "int8-static", "--calibration", "none.jsonl", "-o", "x.onnx"],
    "CompressionError [bad-samples]",
  ],
  [["quantize", "samples.jsonl.onnx", "--quant", "int8"], "OnnxError ["],
  [["compare", "tiny.onnx", "absent.onnx"], "OnnxError ["],
])("%j fails with 1 and a code", (args, message) => {
  const { status, stderr } = run(...args);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("    at ");
  expect(status).toBe(1);
});
