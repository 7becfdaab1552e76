import { type OnnxGraph, readOnnx } from "../onnx/index.ts";
import { columnPowers } from "./onnx/columnPowers.ts";
import type { SampleRun } from "./onnx/observation.ts";
import { type GraphPruningOptions, pruneGraph } from "./onnx/pruning.ts";
import { quantizeTo } from "./onnx/quantizationForm.ts";
import { compareRungs, type ComparisonSpec, type LadderRow, type Rung } from "./onnx/rungs.ts";

/** What the rungs are, and what they are measured on. */
export interface LadderSpec extends ComparisonSpec {
  /** What the pruned rung keeps. Default half of the heads and of the neurons; null for no such rung. */
  readonly pruning?: Pick<GraphPruningOptions, "heads" | "neurons"> | null;
  /** How the int8 rungs are quantized; `int8-static` needs calibration. Default `int8`. */
  readonly form?: "int8" | "int8-static";
  /** Whether a rung with weights in blocks of 4 bits is added. Default false. */
  readonly hasInt4?: boolean;
  /** What units are scored on, or else weights alone score; `int8-static` finds ranges on it too, and reads it again. */
  readonly calibration?: SampleRun["samples"];
}

/** The samples of calibration, run where the ladder is measured. */
function calibrationOf({ calibration, instance, signal }: LadderSpec) {
  if (calibration === undefined) return {};
  return { calibration: { samples: calibration, ...(instance && { instance }), ...(signal && { signal }) } };
}

async function prune(graph: OnnxGraph, spec: LadderSpec): Promise<OnnxGraph> {
  const { calibration } = calibrationOf(spec);
  const powers = calibration && (await columnPowers(graph, calibration));
  const kept = spec.pruning ?? { heads: 0.5, neurons: 0.5 };
  return pruneGraph(graph, { ...kept, ...(powers && { powers }) }).graph;
}

async function rungsOf(graph: OnnxGraph, spec: LadderSpec): Promise<readonly Rung[]> {
  const { form = "int8", hasInt4 = false, pruning } = spec;
  const int8 = async (original: OnnxGraph) => (await quantizeTo(original, form, calibrationOf(spec))).graph;
  const rungs = [
    { name: "FP32", graph },
    { name: "INT8", graph: await int8(graph) },
  ];
  if (pruning !== null) rungs.push({ name: "pruned + INT8", graph: await int8(await prune(graph, spec)) });
  if (hasInt4) rungs.push({ name: "INT4", graph: (await quantizeTo(graph, "int4")).graph });
  return rungs;
}

/**
 * The ladder of compression of a float32 graph, or of a file of one: as it is, in int8, pruned and in int8, and where asked
 * for in 4 bits; each rung with what it costs beside the first.
 * @throws {OnnxError} as `readOnnx`
 * @throws {CompressionError} as `quantizeTo`, `pruneGraph` and `compareRungs`
 * @throws {EngineError} as `compareRungs`
 */
export async function compressionLadder(model: string | OnnxGraph, spec: LadderSpec): Promise<readonly LadderRow[]> {
  const graph = typeof model === "string" ? await readOnnx(model) : model;
  return compareRungs(await rungsOf(graph, spec), spec);
}
