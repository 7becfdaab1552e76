import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pruneModel } from "numalab/compression";
import { editModel, mergeModel, type ModelTarget, splitModel, synthesizeModel } from "numalab/model";
import { describe, expect, onTestFinished, test } from "vitest";

const shape = {
  architecture: "llama",
  layersCount: 2,
  hiddenSize: 128,
  feedForwardSize: 256,
  headsCount: 4,
  kvHeadsCount: 2,
  vocabularyCount: 8192,
} as const;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "numalab-writing-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A disk of 8 MiB, or why there is none: only root may mount. */
function mountDisk(): { readonly folder: string; readonly reason: string | null } {
  const folder = temporaryFolder();
  const options = { encoding: "utf8" } as const;
  const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], options);
  if (status !== 0) return { folder, reason: `needs the right to mount a disk: ${stderr}` };
  onTestFinished(() => {
    spawnSync("umount", [folder]);
  });
  return { folder, reason: null };
}

type Write = (paths: { whole: string; shard: string }, target: ModelTarget) => Promise<unknown>;

const writings: readonly (readonly [string, Write])[] = [
  ["edited", ({ whole }, target) => editModel(whole, {}, target)],
  ["split", ({ whole }, target) => splitModel(whole, { ...target, shardBytes: 2 ** 21 })],
  ["merged", ({ shard }, target) => mergeModel(shard, target)],
  ["pruned", ({ whole }, target) => pruneModel(whole, { ...target, layers: [0] })],
];

describe("on a disk that fills up, a model that is", () => {
  test.for(writings)("%s tells so, and nothing is left behind", async ([, write], { skip }) => {
    const { folder, reason } = mountDisk();
    skip(reason !== null, reason ?? "");
    const home = temporaryFolder();
    const { path } = await synthesizeModel({ shape, quant: "F16", randomSeed: 1, path: join(home, "m.gguf") });
    const [shard = ""] = await splitModel(path, { path: join(home, "s.gguf"), shardBytes: 2 ** 21 });
    const fill = () => {
      const [own] = readdirSync(folder).filter((name) => name === "filler");
      if (own === undefined) writeFileSync(join(folder, "filler"), Buffer.alloc(6 * 2 ** 20 + 2 ** 19));
    };
    const target = { path: join(folder, "out.gguf"), onProgress: fill };
    await expect(write({ whole: path, shard }, target)).rejects.toMatchObject({ code: "disk-full" });
    expect(readdirSync(folder)).toEqual(["filler"]);
  });
});
