import { bandwidthCurve, threadSweep, topologyMap } from "numalab/plot";
import { page } from "numalab/report";
import { expect, test } from "vitest";
import { fourPackages } from "../plot/machine.ts";
import { sweepRow } from "../plot/sweepRows.ts";

test("a page with every figure holds plotly.js once, stays below 6 MB and loads nothing from outside", async () => {
  const point = { series: "read", threadsCount: 1, bandwidthBytesPerSecond: 2e10, lowBytesPerSecond: null };
  const figures = [
    threadSweep([sweepRow]),
    bandwidthCurve([{ ...point, highBytesPerSecond: null, warnings: "" }]),
    topologyMap(fourPackages()),
  ];
  const html = await page({
    title: "All",
    sections: [{ heading: "Figures", blocks: figures.map((figure) => ({ figure })) }],
  });
  expect(Buffer.byteLength(html)).toBeLessThan(6_000_000);
  expect(html.match(/DecompressionStream/g)).toHaveLength(1);
  expect(html.match(/class="numalab-figure"/g)).toHaveLength(3);
  expect(html).not.toMatch(/https?:/);
});
