import { float32Of, type OnnxNode, type Tensor } from "../../onnx/index.ts";

/** Numbers in rows. */
export interface Matrix {
  readonly values: Float32Array;
  readonly rowsCount: number;
  readonly columnsCount: number;
}

/** A node that multiplies by a matrix stored with the graph: a MatMul, or a Gemm that does no more than add a bias. */
export interface LinearLayer {
  readonly node: OnnxNode;
  /** What is multiplied. */
  readonly input: string;
  readonly output: string;
  /** What a Gemm adds; null for none. */
  readonly bias: string | null;
  readonly weight: Tensor;
  /** Whether the weight is stored with a row for each output. */
  readonly isTransposed: boolean;
}

function numberOf({ attributes }: OnnxNode, name: string, standard: number): number {
  const attribute = attributes[name];
  if (attribute === undefined) return standard;
  if ("int" in attribute) return attribute.int;
  return "float" in attribute ? attribute.float : Number.NaN;
}

function isLinear(node: OnnxNode): boolean {
  if (node.domain !== "") return false;
  if (node.operator === "MatMul") return true;
  const isPlain = numberOf(node, "alpha", 1) === 1 && numberOf(node, "beta", 1) === 1;
  return node.operator === "Gemm" && isPlain && numberOf(node, "transA", 0) === 0;
}

const isMatrix = ({ type, dimensions }: Tensor): boolean => type === "float32" && dimensions.length === 2;

/** The node as a layer; null where it is none, or where its weight is not a float32 matrix stored with the graph. */
export function linearLayerOf(node: OnnxNode, weights: ReadonlyMap<string, Tensor>): LinearLayer | null {
  const [input = "", weightName = "", bias = ""] = node.inputs;
  const weight = weights.get(weightName);
  if (weight === undefined || !isMatrix(weight) || weights.has(input) || !isLinear(node)) return null;
  const isTransposed = numberOf(node, "transB", 0) === 1;
  const output = node.outputs[0] ?? "";
  return { node, input, output, bias: bias || null, weight, isTransposed };
}

/** The same numbers with rows as columns. */
export function transposedOf({ values, rowsCount, columnsCount }: Matrix): Matrix {
  const transposed = new Float32Array(values.length);
  for (let row = 0; row < rowsCount; row++) {
    for (let column = 0; column < columnsCount; column++) {
      transposed[column * rowsCount + row] = values[row * columnsCount + column] as number;
    }
  }
  return { values: transposed, rowsCount: columnsCount, columnsCount: rowsCount };
}

/** The layer's weight with a row for each input and a column for each output. */
export function matrixOf({ weight, isTransposed }: LinearLayer): Matrix {
  const [rowsCount = 0, columnsCount = 0] = weight.dimensions;
  const matrix = { values: float32Of(weight), rowsCount, columnsCount };
  return isTransposed ? transposedOf(matrix) : matrix;
}

/** The number of columns that the layer gives. */
export function outputsCountOf({ weight, isTransposed }: LinearLayer): number {
  return weight.dimensions[isTransposed ? 0 : 1] ?? 0;
}
