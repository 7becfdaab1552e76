import type { OnnxGraph } from "../../onnx/index.ts";
import { quantizeBlocks } from "./blockQuantization.ts";
import { calibrate, type CalibrationOptions } from "./calibration.ts";
import { quantizeDynamic } from "./dynamicQuantization.ts";
import { CompressionError } from "../errors.ts";
import type { SampleRun } from "./observation.ts";
import type { QuantizationOptions, QuantizedGraph } from "./quantized.ts";
import { foldNorms } from "./normFolding.ts";
import { quantizeStatic } from "./staticQuantization.ts";

/**
 * What a graph is quantized to: int8 with inputs quantized while it runs (`int8`) or in ranges found on samples
 * (`int8-static`); weights alone in blocks of 32, in 8 bits (`w8`) or 4 (`int4`). Batch norms are folded for `int8-static`.
 */
export type QuantizationForm = (typeof quantizationForms)[number];

const quantizationForms = ["int8", "int8-static", "w8", "int4"] as const;

/**
 * The form of this name.
 * @throws {CompressionError} `no-such-quant`
 */
export function parseForm(name: string): QuantizationForm {
  const form = quantizationForms.find((one) => one === name.toLowerCase());
  if (form !== undefined) return form;
  const message = `There is no form ${name} of an ONNX graph. Choose one of ${quantizationForms.join(", ")}.`;
  throw new CompressionError("no-such-quant", message, { facts: { name } });
}

/** What quantizing by name may need. */
export interface FormOptions extends QuantizationOptions, Pick<CalibrationOptions, "method"> {
  /** What `int8-static` finds its ranges on. */
  readonly calibration?: SampleRun;
}

async function quantizeCalibrated(graph: OnnxGraph, options: FormOptions): Promise<QuantizedGraph> {
  if (options.calibration === undefined) {
    const message = "int8-static has no samples; it needs some to find ranges on. Pass them, or choose int8.";
    throw new CompressionError("needs-samples", message);
  }
  const folded = foldNorms(graph);
  return quantizeStatic(folded, await calibrate(folded, options.calibration, options), options);
}

/**
 * The graph in the form of this name, with the choices that are best for most.
 * @throws {CompressionError} `needs-samples`, `bad-samples`, and as `quantizeDynamic`
 * @throws {EngineError} as `calibrate`
 */
export async function quantizeTo(
  graph: OnnxGraph,
  form: QuantizationForm,
  options: FormOptions = {},
): Promise<QuantizedGraph> {
  if (form === "int8") return quantizeDynamic(graph, options);
  if (form === "int8-static") return quantizeCalibrated(graph, options);
  return quantizeBlocks(graph, { ...options, bits: form === "w8" ? 8 : 4 });
}
