import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { appendRun, readRuns } from "numalab/record";
import { afterAll, expect, test } from "vitest";
import { sampleRun } from "./sampleRun.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "record-"));
const isMounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", folder]).status === 0;
afterAll(() => {
  if (isMounted) execFileSync("umount", [folder]);
  rmSync(folder, { recursive: true });
});

test("two processes that append to one file at once lose and mix nothing", async () => {
  const file = join(tmpdir(), `record-${process.pid}.jsonl`);
  const program = `
    import { appendRun } from "numalab/record";
    const [, file, name, run] = process.argv;
    for (let index = 0; index < 100; index++) await appendRun(file, { ...JSON.parse(run), id: name + index });`;
  const write = (name: string) =>
    execa(process.execPath, ["--input-type=module", "-e", program, file, name, JSON.stringify(sampleRun)], {
      cwd: root,
    });
  await Promise.all([write("a"), write("b")]);
  const { runs, warnings } = await readRuns(file);
  rmSync(file);
  expect(warnings).toEqual([]);
  expect(new Set(runs.map(({ id }) => id)).size).toBe(200);
});

test.skipIf(!isMounted)(
  "a full disk is an error that leaves the runs before it whole (needs root, to mount a small disk)",
  async () => {
    const file = join(folder, "runs.jsonl");
    const filler = join(folder, "filler");
    writeFileSync(filler, Buffer.alloc(8192));
    const appendUntilRefused = async (count = 0): Promise<{ count: number; error: unknown }> => {
      try {
        await appendRun(file, { ...sampleRun, id: String(count) });
      } catch (error) {
        return { count, error };
      }
      return appendUntilRefused(count + 1);
    };
    const { count, error } = await appendUntilRefused();
    expect(error).toMatchObject({ name: "RecordError", code: "disk-full" });
    expect(count).toBeGreaterThan(10);
    expect(await readRuns(file)).toMatchObject({ runs: { length: count }, warnings: [] });

    rmSync(filler);
    await appendRun(file, { ...sampleRun, id: "after" });
    expect(await readRuns(file)).toMatchObject({ runs: { length: count + 1 }, warnings: [] });
  },
);
