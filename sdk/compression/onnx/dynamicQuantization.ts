import { elementTypeIds, float32Of, type OnnxGraph, type OnnxNode, type Tensor, tensorOf } from "../../onnx/index.ts";
import { integerMatrixOf } from "./integerMatrix.ts";
import { indexGraph } from "./graphIndex.ts";
import { type LinearLayer, linearLayerOf, matrixOf } from "./linearLayer.ts";
import { type LayerReplacement, type QuantizationOptions, type QuantizedGraph, quantizeNodes } from "./quantized.ts";
import { nodeOf } from "./replacement.ts";

/** What is quantized, and how finely. */
export interface DynamicQuantizationOptions extends QuantizationOptions {
  /** Whether tables that rows are gathered from are stored as int8 too. Default true. */
  readonly embeddings?: boolean;
  /**
   * Default 8. With 7, two products fit the 16 bits in which x86 CPUs without VNNI add them: with 8 those saturate, and the
   * result is wrong there where weights are large.
   */
  readonly weightBits?: 7 | 8;
}

const toFloat = { to: { int: elementTypeIds.get("float32") ?? 1 } };

/** The node that finds the scale of a value each time it runs. */
function quantizerOf(value: string): OnnxNode {
  return nodeOf("DynamicQuantizeLinear", [value], { outputs: [`${value}:uint8`, `${value}:scale`, `${value}:zero`] });
}

function productNodes({ input, output, bias, weight }: LinearLayer): OnnxNode[] {
  const product = bias === null ? output : `${output}:product`;
  const integers = [`${input}:uint8`, `${weight.name}:int8`, `${input}:zero`];
  const nodes = [
    nodeOf("MatMulInteger", integers, { outputs: [`${output}:int32`] }),
    nodeOf("Cast", [`${output}:int32`], { outputs: [`${output}:float`], attributes: toFloat }),
    nodeOf("Mul", [`${input}:scale`, `${weight.name}:scale`], { outputs: [`${output}:productScale`] }),
    nodeOf("Mul", [`${output}:float`, `${output}:productScale`], { outputs: [product] }),
  ];
  return bias === null ? nodes : [...nodes, nodeOf("Add", [product, bias], { outputs: [output] })];
}

function linearReplacement(layer: LinearLayer, limit: number): LayerReplacement {
  const { name } = layer.weight;
  const matrix = matrixOf(layer);
  const { values, scales, sums } = integerMatrixOf(matrix, { along: "columns", limit });
  const weights = [
    tensorOf(`${name}:int8`, values, [matrix.rowsCount, matrix.columnsCount]),
    tensorOf(`${name}:scale`, scales),
  ];
  return { nodes: productNodes(layer), weights, weightName: name, sums };
}

function gathersRows({ operator, attributes }: OnnxNode): boolean {
  const axis = attributes["axis"];
  return operator === "Gather" && (axis === undefined || ("int" in axis && axis.int === 0));
}

/** The table whose rows a node gathers; null where it gathers something else. */
function tableOf(node: OnnxNode, weights: ReadonlyMap<string, Tensor>): Tensor | null {
  const table = weights.get(node.inputs[0] ?? "");
  if (!gathersRows(node) || table?.type !== "float32") return null;
  const [, columnsCount = 0, ...deeper] = table.dimensions;
  return columnsCount > 1 && deeper.length === 0 ? table : null;
}

/** Rows and their scales are gathered, then multiplied. */
function tableReplacement({ inputs, outputs }: OnnxNode, table: Tensor): LayerReplacement {
  const [rowsCount = 0, columnsCount = 0] = table.dimensions;
  const [output = "", indices = "", name] = [outputs[0], inputs[1], table.name];
  const matrix = { values: float32Of(table), rowsCount, columnsCount };
  const { values, scales, sums } = integerMatrixOf(matrix, { along: "rows", limit: 127 });
  const nodes = [
    nodeOf("Gather", [`${name}:rows`, indices], { outputs: [`${output}:int8`] }),
    nodeOf("Gather", [`${name}:rowScales`, indices], { outputs: [`${output}:scale`] }),
    nodeOf("Cast", [`${output}:int8`], { outputs: [`${output}:float`], attributes: toFloat }),
    nodeOf("Mul", [`${output}:float`, `${output}:scale`], { outputs: [output] }),
  ];
  const weights = [
    tensorOf(`${name}:rows`, values, table.dimensions),
    tensorOf(`${name}:rowScales`, scales, [rowsCount, 1]),
  ];
  return { nodes, weights, weightName: name, sums };
}

/**
 * The graph with int8 weights, a scale for each column, and inputs that become uint8 while it runs, in the form that
 * onnxruntime joins to one kernel a layer. Values that several layers read are quantized once.
 * @throws {CompressionError} `already-quantized`, `operator-set-too-old`, `nothing-to-quantize`, `weights-not-finite`
 * @see https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html
 */
export function quantizeDynamic(graph: OnnxGraph, options: DynamicQuantizationOptions = {}): QuantizedGraph {
  const { embeddings = true, weightBits = 8 } = options;
  const { weights } = indexGraph(graph);
  const quantizedValues = new Set<string>();
  return quantizeNodes(graph, options, (node) => {
    const table = embeddings ? tableOf(node, weights) : null;
    if (table !== null) return tableReplacement(node, table);
    const layer = linearLayerOf(node, weights);
    if (layer === null) return null;
    const replacement = linearReplacement(layer, 2 ** (weightBits - 1) - 1);
    if (quantizedValues.has(layer.input)) return replacement;
    quantizedValues.add(layer.input);
    return { ...replacement, nodes: [quantizerOf(layer.input), ...replacement.nodes] };
  });
}
