import type { OnnxGraph } from "../../onnx/index.ts";
import { addSignalSums, compareSignals, type SignalError, signalErrorOf, type SignalSums } from "../../stats/index.ts";
import { CompressionError } from "../errors.ts";
import { observeValues, type SampleRun, startObserver } from "./observation.ts";

/** How far a value of one graph is from the value of that name in another; no figures where their sizes differ. */
export interface ValueError extends SignalError {
  readonly value: string;
}

/** What is compared. */
export interface ComparedGraphs {
  readonly original: OnnxGraph;
  readonly other: OnnxGraph;
}

function assertGiven({ original, other }: ComparedGraphs, values: readonly string[]): void {
  for (const graph of [original, other]) {
    const given = new Set([...graph.inputs.map(({ name }) => name), ...graph.nodes.flatMap(({ outputs }) => outputs)]);
    const missing = values.find((value) => !given.has(value));
    if (missing === undefined) continue;
    const message = `The graph ${graph.name} gives no value ${missing}. Compare two graphs that were made of one.`;
    throw new CompressionError("no-such-value", message, { facts: { value: missing, graph: graph.name } });
  }
}

function errorOf(parts: readonly (SignalSums | null)[]): SignalError {
  const sums = parts.filter((part) => part !== null);
  if (sums.length === parts.length) return signalErrorOf(addSignalSums(sums));
  return { count: 0, sqnrDecibels: null, cosine: null, reason: "the sizes differ" };
}

/**
 * How far values of one graph are from those of another on the same samples: its outputs, or the values that are named,
 * such as the `output` of each layer of a quantized graph.
 * @throws {CompressionError} `no-such-value` when one of the graphs lacks a value, `bad-samples`
 * @throws {EngineError} as `calibrate`
 */
export async function valueErrors(
  graphs: ComparedGraphs,
  run: SampleRun,
  values: readonly string[] = graphs.original.outputs.map(({ name }) => name),
): Promise<readonly ValueError[]> {
  assertGiven(graphs, values);
  const parts: (SignalSums | null)[][] = values.map(() => []);
  await using original = await startObserver(graphs.original, values, run);
  await using other = await startObserver(graphs.other, values, run);
  await observeValues([original, other], run, (expected = [], found = []) => {
    for (const [at, sums] of parts.entries()) {
      const [one, two] = [expected[at] as Float32Array, found[at] as Float32Array];
      sums.push(one.length === two.length ? compareSignals(one, two) : null);
    }
  });
  return values.map((value, at) => ({ value, ...errorOf(parts[at] ?? []) }));
}
