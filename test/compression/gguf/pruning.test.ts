import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { pruneModel } from "../../../sdk/compression/gguf/pruning.ts";
import { readGguf, synthesizeModel, type StoredModel } from "../../../sdk/model/index.ts";

const shape = {
  architecture: "llama",
  layersCount: 3,
  hiddenSize: 128,
  feedForwardSize: 256,
  headsCount: 4,
  kvHeadsCount: 2,
  vocabularyCount: 300,
} as const;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "numalab-pruning-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

async function sourceIn(
  folder: string,
  quant: "F16" | "Q8_0" | "Q4_0" = "F16",
  architecture: "llama" | "qwen2" = "llama",
) {
  const path = join(folder, "m.gguf");
  await synthesizeModel({ shape: { ...shape, architecture }, quant, randomSeed: 1, path });
  return path;
}

function bytesOf({ tensors }: StoredModel, name: string): Buffer {
  const { path, offsetBytes, bytes } = tensors.find((tensor) => tensor.name === name)!;
  return readFileSync(path).subarray(offsetBytes, offsetBytes + bytes);
}

const dimensionsOf = ({ tensors }: StoredModel, name: string) =>
  tensors.find((tensor) => tensor.name === name)?.dimensions;
const valueOf = ({ metadata }: StoredModel, key: string) => metadata.find((entry) => entry.key === key)?.value;

describe("layers are dropped", () => {
  test("and those that stay are renumbered, with their bytes", async () => {
    const folder = temporaryFolder();
    const source = await sourceIn(folder, "Q4_0");
    const pruned = await pruneModel(source, { layers: [0, 2], path: join(folder, "p.gguf") });
    expect(pruned).toMatchObject({ layersCount: 2, wholeLayersCount: 2, architecture: "llama" });
    const [before, after] = [await readGguf(source), await readGguf(pruned.path)];
    expect(bytesOf(after, "blk.1.ffn_up.weight").equals(bytesOf(before, "blk.2.ffn_up.weight"))).toBe(true);
    expect(after.tensors.some(({ name }) => name.startsWith("blk.2."))).toBe(false);
  });

  test("but only such as there are, in rising order", async () => {
    const folder = temporaryFolder();
    const source = await sourceIn(folder);
    for (const layers of [[], [3], [1, 0], [0, 0], [-1]]) {
      const pruning = pruneModel(source, { layers, path: join(folder, "p.gguf") });
      await expect(pruning).rejects.toMatchObject({ code: "bad-setting" });
    }
    expect(readdirSync(folder)).toEqual(["m.gguf"]);
  });
});

describe("feed-forward neurons are dropped", () => {
  test("those of least weight, from all three matrices alike", async () => {
    const folder = temporaryFolder();
    const source = await sourceIn(folder);
    const { path } = await pruneModel(source, { feedForward: 0.75, path: join(folder, "p.gguf") });
    const [before, after] = [await readGguf(source), await readGguf(path)];
    expect(valueOf(after, "llama.feed_forward_length")).toBe(192);
    expect(dimensionsOf(after, "blk.0.ffn_up.weight")).toEqual([128, 192]);
    expect(dimensionsOf(after, "blk.0.ffn_down.weight")).toEqual([192, 128]);
    const rowBytes = 128 * 2;
    const rowsOf = (model: StoredModel, name: string, count: number) => {
      const bytes = bytesOf(model, name);
      return Array.from({ length: count }, (_, row) => bytes.toString("hex", row * rowBytes, (row + 1) * rowBytes));
    };
    const upBefore = rowsOf(before, "blk.0.ffn_up.weight", 256);
    const kept = rowsOf(after, "blk.0.ffn_up.weight", 192).map((row) => upBefore.indexOf(row));
    expect(kept.every((row, at) => row > (kept[at - 1] ?? -1))).toBe(true);
    const gateBefore = rowsOf(before, "blk.0.ffn_gate.weight", 256);
    expect(rowsOf(after, "blk.0.ffn_gate.weight", 192)).toEqual(kept.map((row) => gateBefore[row]));
    const downBefore = bytesOf(before, "blk.0.ffn_down.weight");
    const downAfter = bytesOf(after, "blk.0.ffn_down.weight");
    for (const output of [0, 127]) {
      const expected = kept.map((column) => downBefore.readUInt16LE(2 * (output * 256 + column)));
      expect(kept.map((_, column) => downAfter.readUInt16LE(2 * (output * 192 + column)))).toEqual(expected);
    }
  });

  test("those that data say matter least, when data is given", async () => {
    const folder = temporaryFolder();
    const source = await sourceIn(folder);
    const matters = new Float32Array(256).fill(1e-9);
    matters.fill(1, 32, 64);
    const importance = new Map([0, 1, 2].map((layer) => [`blk.${layer}.ffn_down.weight`, matters] as const));
    const { path } = await pruneModel(source, { feedForward: [32, 32, 32], importance, path: join(folder, "p.gguf") });
    const [before, after] = [await readGguf(source), await readGguf(path)];
    const rows = bytesOf(before, "blk.1.ffn_up.weight").subarray(32 * 256, 64 * 256);
    expect(bytesOf(after, "blk.1.ffn_up.weight").equals(rows)).toBe(true);
  });

  test("in each layer another number, under the architecture that allows it", async () => {
    const folder = temporaryFolder();
    const pruned = await pruneModel(await sourceIn(folder, "Q8_0"), {
      feedForward: [256, 128, 64],
      path: join(folder, "p.gguf"),
    });
    expect(pruned.architecture).toBe("deci");
    const model = await readGguf(pruned.path);
    expect(valueOf(model, "deci.feed_forward_length")).toEqual({ count: 3, items: [256, 128, 64] });
    expect(dimensionsOf(model, "blk.2.ffn_down.weight")).toEqual([64, 128]);
  });

  test("of quantized matrices only in whole blocks", async () => {
    const folder = temporaryFolder();
    const source = await sourceIn(folder, "Q4_0");
    const pruning = pruneModel(source, { feedForward: [200, 200, 200], path: join(folder, "p.gguf") });
    await expect(pruning).rejects.toMatchObject({ code: "needs-whole-blocks", facts: { blockWeights: 32 } });
    expect((await pruneModel(source, { feedForward: 0.5, path: join(folder, "p.gguf") })).layersCount).toBe(3);
  });
});

describe("heads are dropped", () => {
  test("by whole groups that share keys and values, with the size of a head stated", async () => {
    const folder = temporaryFolder();
    const pruned = await pruneModel(await sourceIn(folder), { kvHeads: 0.5, path: join(folder, "p.gguf") });
    expect(pruned).toMatchObject({ architecture: "llama", headsCount: 2, kvHeadsCount: 1, headSize: 32 });
    const model = await readGguf(pruned.path);
    expect(dimensionsOf(model, "blk.0.attn_q.weight")).toEqual([128, 64]);
    expect(dimensionsOf(model, "blk.0.attn_v.weight")).toEqual([128, 32]);
    expect(dimensionsOf(model, "blk.0.attn_output.weight")).toEqual([64, 128]);
  });

  test("not of an architecture that cannot state it", async () => {
    const folder = temporaryFolder();
    const source = await sourceIn(folder, "F16", "qwen2");
    const path = join(folder, "p.gguf");
    for (const spec of [{ kvHeads: 0.5 }, { feedForward: [256, 128, 64] }]) {
      await expect(pruneModel(source, { ...spec, path })).rejects.toMatchObject({ code: "not-prunable" });
    }
    expect((await pruneModel(source, { feedForward: 0.5, path })).architecture).toBe("qwen2");
  });
});

test("a share or a list that makes no sense is refused", async () => {
  const folder = temporaryFolder();
  const source = await sourceIn(folder);
  for (const feedForward of [0, 1.5, Number.NaN, [256], [256, 0, 256], [257, 1, 1]]) {
    const pruning = pruneModel(source, { feedForward, path: join(folder, "p.gguf") });
    await expect(pruning).rejects.toMatchObject({ code: "bad-setting" });
  }
});
