import { batchFrontier } from "numalab/study";
import { expect, test } from "vitest";
import { synthesizeTiny } from "../inference/tinyEngine.ts";

test("each batch size has its throughput, the times of its tokens and the state of its binding", async () => {
  const { path: modelPath } = await synthesizeTiny();
  const lengths = { promptTokensCount: 8, generatedTokensCount: 6, requestsCount: 4, requestsPerSecond: 200 };
  const rows = await batchFrontier({ modelPath, batchSizes: [1, 3], roundsCount: 3, ...lengths });
  expect(rows.map(({ batchSize }) => batchSize)).toEqual([1, 3]);
  for (const row of rows) {
    expect(row).toMatchObject({ synthetic: true, requestsCount: 4, requestsPerSecond: 200, roundsCount: 3 });
    expect(row.tokensPerSecond).toBeGreaterThan(0);
    expect(row.interTokenMedianSeconds).toBeLessThanOrEqual(row.interToken95Seconds!);
    expect(row.lowTokensPerSecond).not.toBeNull();
  }
  expect(rows[0]!.meanDecodeRowsCount).toBe(1);
  expect(rows[1]!.meanDecodeRowsCount).toBeGreaterThan(1);
});

test("a batch of no request is refused", async () => {
  await expect(batchFrontier({ modelPath: "none.gguf", batchSizes: [0] })).rejects.toMatchObject({ code: "bad-spec" });
});
