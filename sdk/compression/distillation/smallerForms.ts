import { planNativeInstance } from "../../inference/index.ts";
import {
  accuracyRatioOf,
  type Examples,
  examplesBetween,
  examplesCountOf,
  inferenceGraphOf,
  type Task,
  type TrainedNet,
} from "../../training/index.ts";
import { columnPowers } from "../onnx/columnPowers.ts";
import { quantizeDynamic } from "../onnx/dynamicQuantization.ts";
import { pruneGraph } from "../onnx/pruning.ts";
import { compareRungs, type LadderRow } from "../onnx/rungs.ts";

/** Sequences in a sample. */
const sequencesCount = 100;

/** Whole samples of examples; what does not fill the last is left out, unless it is all there is. */
function samplesOf(examples: Examples): readonly Examples[] {
  const size = Math.min(sequencesCount, examplesCountOf(examples));
  return Array.from({ length: Math.floor(examplesCountOf(examples) / size) }, (_, at) =>
    examplesBetween(examples, at * size, (at + 1) * size),
  );
}

const tokensIn = (examples: Examples): Examples => examples.filter(({ name }) => name === "tokens");

/**
 * What a net costs as it is, with half of its heads and neurons (those that were worth most on examples it learned from), and that
 * with INT8 weights; the loss is the share of held-out examples that it classifies wrong.
 * @throws {CompressionError} `not-prunable` where the net is no transformer
 */
export async function smallerForms(
  { net, weights }: TrainedNet,
  { training, heldOut }: Task,
  signal: AbortSignal | undefined,
): Promise<readonly LadderRow[]> {
  const instance = await planNativeInstance(1);
  const run = { instance, ...(signal === undefined ? {} : { signal }) };
  const graph = inferenceGraphOf(net, weights);
  const seen = samplesOf(training).slice(0, 10).map(tokensIn);
  const powers = await columnPowers(graph, { ...run, samples: seen });
  const pruned = pruneGraph(graph, { heads: 0.5, neurons: 0.5, powers }).graph;
  const rungs = [
    { name: "distilled", graph },
    { name: "pruned", graph: pruned },
    { name: "pruned + INT8", graph: quantizeDynamic(pruned).graph },
  ];
  const samples = samplesOf(heldOut);
  return compareRungs(rungs, {
    ...run,
    samples: samples.map(tokensIn),
    lossOf: ([logits], at) => (logits === undefined ? 1 : 1 - accuracyRatioOf(logits, samples[at] ?? [])),
  });
}
