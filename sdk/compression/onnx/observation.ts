import { planNativeInstance, planSession, type Session, startSession } from "../../inference/index.ts";
import type { InstancePlan } from "../../launch/index.ts";
import { encodeOnnx, float32Of, type OnnxGraph, type Tensor, tensorOf } from "../../onnx/index.ts";
import { CompressionError } from "../errors.ts";
import { nodeOf } from "./replacement.ts";

/** What a graph is run on. */
export interface SampleRun {
  /** One tensor for each input of the graph, again and again. */
  readonly samples: Iterable<readonly Tensor[]> | AsyncIterable<readonly Tensor[]>;
  /** Where it runs. Default: all that this process may use. */
  readonly instance?: InstancePlan;
  readonly signal?: AbortSignal;
}

const seenName = (value: string): string => `${value}:seen`;

/** The graph with these values as its outputs, in one row each: their shapes are not known before they are computed. */
function exposing(graph: OnnxGraph, values: readonly string[]): OnnxGraph {
  const row = tensorOf("seen:row", BigInt64Array.of(-1n));
  const nodes = values.map((value) => nodeOf("Reshape", [value, row.name], { outputs: [seenName(value)] }));
  const outputs = values.map((value) => {
    return { name: seenName(value), type: "float32", dimensions: [`${value}:count`] } as const;
  });
  return { ...graph, nodes: [...graph.nodes, ...nodes], weights: [...graph.weights, row], outputs };
}

/**
 * A process in which the graph runs, and gives the values asked for.
 * @throws {CompressionError} `no-such-value` when none are
 */
export async function startObserver(
  graph: OnnxGraph,
  values: readonly string[],
  { instance, signal }: SampleRun,
): Promise<Session> {
  if (values.length === 0) {
    throw new CompressionError("no-such-value", `The graph ${graph.name} has no such layers. Choose another model.`);
  }
  const model = encodeOnnx(exposing(graph, values));
  const plan = planSession({ model }, instance ?? (await planNativeInstance()));
  return startSession(plan, signal === undefined ? {} : { signal });
}

/**
 * Calls `visit` with what the graph computes of each sample, in the order of the names; one sample is in memory at a time.
 * @throws {CompressionError} `bad-samples` when there are none
 * @throws {EngineError} `invalid-request` when one does not fit the graph's inputs, and as `startSession`
 */
export async function observeValues(
  observers: readonly Session[],
  { samples, signal }: SampleRun,
  visit: (...values: readonly (readonly Float32Array[])[]) => void,
): Promise<void> {
  let samplesCount = 0;
  for await (const sample of samples) {
    signal?.throwIfAborted();
    const seen = [];
    for (const observer of observers) seen.push((await observer.run(sample)).map(float32Of));
    visit(...seen);
    samplesCount++;
  }
  if (samplesCount > 0) return;
  throw new CompressionError("bad-samples", "There are no samples; needed at least one. Pass inputs of the graph.");
}
