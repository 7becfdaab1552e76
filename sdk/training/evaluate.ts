import { planNativeInstance, planSession, startSession } from "../inference/index.ts";
import { encodeOnnx, float32Of, type OnnxGraph, tensorOf, type Tensor } from "../onnx/index.ts";
import { type Examples, examplesBetween, examplesCountOf } from "./examples.ts";

/** Sequences that are classified at once. */
const sequencesAtOnce = 500;

/** The logits that a graph from `tokens` to `logits` gives for each example: examples × classes. */
export async function logitsOf(graph: OnnxGraph, examples: Examples): Promise<Tensor> {
  const plan = planSession({ model: encodeOnnx(graph), threadsCount: 1 }, await planNativeInstance(1));
  await using session = await startSession(plan);
  const tokens = examples.filter(({ name }) => name === "tokens");
  const count = examplesCountOf(tokens);
  const parts: Float32Array[] = [];
  for (let start = 0; start < count; start += sequencesAtOnce) {
    const [logits] = await session.run(examplesBetween(tokens, start, Math.min(count, start + sequencesAtOnce)));
    if (logits !== undefined) parts.push(float32Of(logits));
  }
  const values = Float32Array.from(parts.flatMap((part) => [...part]));
  return tensorOf("logits", values, [count, values.length / count]);
}

function labelsOf(examples: Examples): readonly number[] {
  const labels = examples.find(({ name }) => name === "labels");
  return labels === undefined ? [] : Array.from(new BigInt64Array(labels.data.slice().buffer), Number);
}

/** The share of examples whose right class has the largest of the logits (examples × classes). */
export function accuracyRatioOf(logits: Tensor, examples: Examples): number {
  const [count = 0, classesCount = 0] = logits.dimensions;
  const values = float32Of(logits);
  const right = labelsOf(examples).filter((label, row) => {
    const ofRow = values.subarray(row * classesCount, (row + 1) * classesCount);
    return ofRow.indexOf(Math.max(...ofRow)) === label;
  });
  return right.length / count;
}

/** The share of examples that are of the most frequent class: what a guess that knows only the frequencies reaches. */
export function chanceRatioOf(examples: Examples): number {
  const labels = labelsOf(examples);
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.max(...counts.values()) / labels.length;
}
