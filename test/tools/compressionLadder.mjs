// The ladder of an encoder with random weights on one thread: node test/tools/compressionLadder.mjs [preset] [depth] [rounds]
import { compressionLadder, pruneGraph, quantizeBlocks, quantizeDynamic } from "numalab/compression";
import { planNativeInstance } from "numalab/inference";
import { buildPreset, tensorOf } from "numalab/onnx";

const [preset = "bert-base", depth, rounds = "11"] = process.argv.slice(2);
const sequence = 128;

function sample() {
  const integers = (valueOf) => BigInt64Array.from({ length: sequence }, valueOf);
  return [
    tensorOf(
      "input_ids",
      integers(() => BigInt(Math.floor(Math.random() * 30_000))),
      [1, sequence],
    ),
    tensorOf("token_type_ids", new BigInt64Array(sequence), [1, sequence]),
    tensorOf(
      "attention_mask",
      integers(() => 1n),
      [1, sequence],
    ),
  ];
}

const graph = await buildPreset({ preset, randomSeed: 1, ...(depth ? { depth: Number(depth) } : {}) });
const pruned = pruneGraph(graph, { heads: 0.5, neurons: 0.5 }).graph;
const rungs = [
  { name: "FP32", graph },
  { name: "INT8", graph: quantizeDynamic(graph).graph },
  { name: "INT4", graph: quantizeBlocks(graph).graph },
  { name: "pruned + INT8", graph: quantizeDynamic(pruned).graph },
];
const instance = await planNativeInstance(1);
const rows = await compressionLadder(rungs, { samples: [sample(), sample()], instance, roundsCount: Number(rounds) });
console.table(
  rows.map(({ name, fileBytes, latencySeconds, latencyRatio, error }) => ({
    name,
    megabytes: Math.round(fileBytes / 1e6),
    milliseconds: Math.round(latencySeconds.estimate * 1e3),
    ratio:
      latencyRatio &&
      `${latencyRatio.ratio.toFixed(3)} [${latencyRatio.low?.toFixed(3)}, ${latencyRatio.high?.toFixed(3)}]`,
    sqnrDecibels: error.sqnrDecibels?.toFixed(1),
    cosine: error.cosine?.toFixed(4),
  })),
);
