import { expect, test } from "vitest";
import { partTimesOf, segmentsOf } from "../../sdk/inference/layerProfile.ts";

const layer = (index: number): string[] => [
  `norm-${index}`,
  `attn_norm-${index}`,
  `Qcur-${index}`,
  `cache_k_l${index} (view)`,
  `node_${index + 7}`,
  `ffn_inp-${index}`,
  `norm-${index}`,
  `ffn_norm-${index}`,
  `ffn_out-${index}`,
  `l_out-${index}`,
];

test("nodes belong to the part that their name or a later one tells", () => {
  const names = ["inp_embd", ...layer(0), ...layer(11), "norm", "result_norm", "result_output"];
  expect(segmentsOf(names)).toEqual([
    { part: "embedding", layerIndex: null, nodesCount: 1 },
    { part: "attention", layerIndex: 0, nodesCount: 6 },
    { part: "feed-forward", layerIndex: 0, nodesCount: 4 },
    { part: "attention", layerIndex: 11, nodesCount: 6 },
    { part: "feed-forward", layerIndex: 11, nodesCount: 4 },
    { part: "output", layerIndex: null, nodesCount: 3 },
  ]);
});

test("nodes without a telling name after them are other", () => {
  expect(segmentsOf(["node_1", "node_2"])).toEqual([{ part: "other", layerIndex: null, nodesCount: 2 }]);
});

test("segments of one part of one layer are counted together", () => {
  const segments = segmentsOf([...layer(0), ...layer(0)]);
  const parts = partTimesOf(segments, [1, 2, 3, 2], 10);
  expect(parts).toEqual([
    { part: "attention", layerIndex: 0, seconds: 4, shareRatio: 0.4, nodesCount: 12 },
    { part: "feed-forward", layerIndex: 0, seconds: 4, shareRatio: 0.4, nodesCount: 8 },
  ]);
});
