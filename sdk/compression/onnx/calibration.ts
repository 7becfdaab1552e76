import type { OnnxGraph } from "../../onnx/index.ts";
import { createHistogram, type Histogram } from "./histogram.ts";
import { observeValues, type SampleRun, startObserver } from "./observation.ts";
import type { QuantizationOptions } from "./quantized.ts";
import { chooseRange, type Range, type RangeMethod } from "./range.ts";
import { valuesToCalibrate } from "./staticQuantization.ts";

/** How ranges are found. */
export interface CalibrationOptions extends Pick<QuantizationOptions, "skip"> {
  /** Default `min-max`. */
  readonly method?: RangeMethod;
}

/**
 * How often each value that static quantization stores had which numbers, from one pass over the samples.
 * @throws {CompressionError} `bad-samples` when there are none, or when a number is not finite
 * @throws {EngineError} `invalid-request` when a sample does not fit the graph's inputs, and as `startSession`
 */
export async function collectHistograms(
  graph: OnnxGraph,
  run: SampleRun,
  options: Pick<QuantizationOptions, "skip"> = {},
): Promise<ReadonlyMap<string, Histogram>> {
  const values = valuesToCalibrate(graph, options);
  const histograms = values.map(createHistogram);
  await using observer = await startObserver(graph, values, run);
  await observeValues([observer], run, (seen = []) => {
    for (const [at, numbers] of seen.entries()) histograms[at]?.add(numbers);
  });
  return new Map(values.map((value, at) => [value, (histograms[at] ?? createHistogram()).read()]));
}

/**
 * The ranges that `quantizeStatic` needs, by the names of values.
 * @throws {CompressionError} `bad-samples`
 * @throws {EngineError} as `collectHistograms`
 */
export async function calibrate(
  graph: OnnxGraph,
  run: SampleRun,
  { method = "min-max", skip = [] }: CalibrationOptions = {},
): Promise<ReadonlyMap<string, Range>> {
  const histograms = await collectHistograms(graph, run, { skip });
  return new Map([...histograms].map(([value, histogram]) => [value, chooseRange(histogram, method)]));
}
