import { runnableBuildsOf } from "numalab/host";
import { instructionSetLadder } from "numalab/study";
import { probeTopology } from "numalab/topology";
import { expect, test } from "vitest";
import { synthesizeTiny } from "../inference/tinyEngine.ts";

test("each build runs in a bound process of its own, its path is proven, and its output is that of the lowest", async () => {
  const { path: modelPath } = await synthesizeTiny();
  const { architecture, isaFlags } = await probeTopology();
  const runnable = runnableBuildsOf(architecture!, isaFlags).map(({ name }) => name);
  const builds = [runnable[0]!, runnable.at(-1)!];
  const counts = { promptTokensCount: 16, generatedTokensCount: 4, roundsCount: 3, threadsCount: 1 };
  const rows = await instructionSetLadder({ modelPath, builds, ...counts });
  expect(rows.map(({ build }) => build)).toEqual(builds.toReversed());
  for (const row of rows) {
    expect(row).toMatchObject({ isPathProven: true, synthetic: true, roundsCount: 3, threadsCount: 1 });
    expect(row.computeLibrary).toBe(`libggml-cpu-${row.build}.so`);
    expect(row.output).not.toBe("output-suspect");
    expect(row.decodeSpeedup).toBeGreaterThan(0);
    expect(row.prefillSpeedupLow).toBeLessThanOrEqual(row.prefillSpeedupHigh!);
  }
  expect(rows[0]).toMatchObject({ instructionSet: "baseline", decodeSpeedup: 1, output: "same" });
});

test("a ladder of no round is refused", async () => {
  const { path: modelPath } = await synthesizeTiny();
  await expect(instructionSetLadder({ modelPath, roundsCount: 0 })).rejects.toMatchObject({ code: "bad-spec" });
});
