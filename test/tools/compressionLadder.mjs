// What each step of compression costs a net with random weights, on one thread:
//   node test/tools/compressionLadder.mjs [preset=bert-base] [rounds=11] [depth]
// Prints the ladder (pairs in random order, 95 % interval). Of an encoder also the error of each block format; of a
// convolution net, which is quantized in ranges found on samples, also the error by each way to choose them.
import {
  blockErrors,
  calibrate,
  compressionLadder,
  foldNorms,
  quantizeStatic,
  randomSamples,
  valueErrors,
} from "numalab/compression";
import { planNativeInstance } from "numalab/inference";
import { buildPreset } from "numalab/onnx";

const [preset = "bert-base", rounds = "11", depth] = process.argv.slice(2);
const graph = await buildPreset({ preset, randomSeed: 1, ...(depth && { depth: Number(depth) }) });
const isConvolutionNet = graph.nodes.some(({ operator }) => operator === "Conv");
const instance = await planNativeInstance(1);
const [samples, calibration] = [randomSamples(graph, 2, 1), randomSamples(graph, 4, 2)];
const forConvolutions = isConvolutionNet && { form: "int8-static", pruning: null };

const rows = await compressionLadder(graph, {
  samples,
  calibration,
  instance,
  roundsCount: Number(rounds),
  hasInt4: !isConvolutionNet,
  ...forConvolutions,
});
const intervalOf = ({ ratio, low, high }) => `${ratio.toFixed(3)} [${low?.toFixed(3)}, ${high?.toFixed(3)}]`;
console.table(
  rows.map(({ name, fileBytes, fileBytesRatio, parametersCount, operations, latencySeconds, latencyRatio, error }) => ({
    name,
    megabytes: Math.round(fileBytes / 1e6),
    fileRatio: fileBytesRatio.toFixed(3),
    millionParameters: Math.round(parametersCount / 1e6),
    billionMultiplyAdds: (operations.multiplyAddsCount / 1e9).toFixed(2),
    milliseconds: Math.round(latencySeconds.estimate * 1e3),
    latencyRatio: latencyRatio && intervalOf(latencyRatio),
    sqnrDecibels: error.sqnrDecibels?.toFixed(1),
    cosine: error.cosine?.toFixed(4),
  })),
);

async function calibratorRow(original, method) {
  const ranges = await calibrate(original, { samples: calibration, instance }, { method });
  const other = quantizeStatic(original, ranges).graph;
  const [output] = await valueErrors({ original, other }, { samples, instance });
  return { method, sqnrDecibels: output.sqnrDecibels?.toFixed(1), cosine: output.cosine?.toFixed(5) };
}

if (isConvolutionNet) {
  const original = foldNorms(graph);
  const found = [];
  for (const method of ["min-max", "percentile", "entropy"]) found.push(await calibratorRow(original, method));
  console.table(found);
} else {
  const small = await buildPreset({ preset, randomSeed: 1, depth: 1 });
  console.table(
    blockErrors(small).map(({ bits, blockSize, isSymmetric, bitsPerWeight, sqnrDecibels }) => {
      return { bits, blockSize, isSymmetric, bitsPerWeight, sqnrDecibels: sqnrDecibels?.toFixed(1) };
    }),
  );
}
