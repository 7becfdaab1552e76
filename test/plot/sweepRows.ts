import type { SweepRow } from "../../sdk/plot/index.ts";

/** A row as a sweep on a machine of two PUs gives it. */
export const sweepRow: SweepRow = {
  model: "qwen2.5-0.5b",
  quant: "Q8_0",
  synthetic: true,
  threadsCount: 2,
  decodeTokensPerSecond: 36,
  decodeLowTokensPerSecond: 35,
  decodeHighTokensPerSecond: 36.5,
  prefillTokensPerSecond: 118,
  prefillLowTokensPerSecond: 117,
  prefillHighTokensPerSecond: 119,
  promptTokensCount: 256,
  decodeBytesPerSecond: 18e9,
  bandwidthBytesPerSecond: 22e9,
  bandwidthLowBytesPerSecond: 21e9,
  bandwidthHighBytesPerSecond: 23e9,
  ceilingTokensPerSecond: 44,
  decodeRooflineRatio: 36 / 44,
  decodeRooflineLowRatio: 0.78,
  decodeRooflineHighRatio: 0.85,
  repetitionsCount: 5,
  warnings: "",
};
