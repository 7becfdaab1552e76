import type { KnownValues } from "./dimensions.ts";
import type { OnnxNode } from "./graph.ts";
import { settingOf } from "./setting.ts";
import { elementsCountOf } from "./tensor.ts";

type Dimensions = readonly number[];

/** The dimensions of a node's first output; undefined when those of its inputs are not known. */
type Rule = (node: OnnxNode, known: KnownValues) => Dimensions | undefined;

/** A rule for operators whose result depends on the dimensions of the first input, or the first two. */
function ofInputs(rule: (node: OnnxNode, first: Dimensions, second: Dimensions) => Dimensions, count: 1 | 2 = 2): Rule {
  return (node, { dimensions }) => {
    const [first, second] = node.inputs.slice(0, count).map((name) => dimensions.get(name));
    if (first === undefined || (count === 2 && second === undefined)) return undefined;
    return rule(node, first, second ?? []);
  };
}

const same = ofInputs((_, first) => first, 1);

/** Both stretched to one form, from the innermost outwards. */
function broadcast(left: Dimensions, right: Dimensions): Dimensions {
  const count = Math.max(left.length, right.length);
  const at = (sizes: Dimensions, place: number) => sizes[place - count + sizes.length] ?? 1;
  return Array.from({ length: count }, (_, place) => {
    const size = at(left, place);
    return size === 1 ? at(right, place) : size;
  });
}

const elementwise = ofInputs((_, left, right) => broadcast(left, right));

const matMul = ofInputs((_, left, right) => [
  ...broadcast(left.slice(0, -2), right.slice(0, -2)),
  ...left.slice(-2, -1),
  ...right.slice(-1),
]);

const gemm = ofInputs((node, left, right) => [
  left[settingOf(node, "transA", [0])[0] ?? 0] ?? 0,
  right[1 - (settingOf(node, "transB", [0])[0] ?? 0)] ?? 0,
]);

const matMulBlocks = ofInputs((node, first) => [...first.slice(0, -1), ...settingOf(node, "N", [])], 1);

/** The sizes of an image after a kernel has gone over it. */
function slide(node: OnnxNode, image: Dimensions, kernel: Dimensions): Dimensions {
  const pads = settingOf(node, "pads", [0, 0, 0, 0]);
  const strides = settingOf(node, "strides", [1, 1]);
  const dilations = settingOf(node, "dilations", [1, 1]);
  return image.map((size, axis) => {
    const padded = size + (pads[axis] ?? 0) + (pads[axis + image.length] ?? 0);
    const reach = ((kernel[axis] ?? 1) - 1) * (dilations[axis] ?? 1) + 1;
    return Math.floor((padded - reach) / (strides[axis] ?? 1)) + 1;
  });
}

const convolution = ofInputs((node, image, kernel) => [
  ...image.slice(0, 1),
  ...kernel.slice(0, 1),
  ...slide(node, image.slice(2), kernel.slice(2)),
]);

const pooling = ofInputs(
  (node, image) => [...image.slice(0, 2), ...slide(node, image.slice(2), settingOf(node, "kernel_shape", []))],
  1,
);

const transpose = ofInputs((node, sizes) => {
  const order = settingOf(
    node,
    "perm",
    sizes.map((_, axis) => sizes.length - 1 - axis),
  );
  return order.map((axis) => sizes[axis] ?? 0);
}, 1);

/** The axes as an attribute, as operator sets before 18 have them. */
const reduceMean = ofInputs((node, sizes) => {
  const places = settingOf(node, "axes", [...sizes.keys()]);
  const axes = places.map((place) => (place < 0 ? place + sizes.length : place));
  const isKept = settingOf(node, "keepdims", [1])[0] === 1;
  return sizes.flatMap((size, axis) => (axes.includes(axis) ? (isKept ? [1] : []) : [size]));
}, 1);

const gather = ofInputs((node, table, places) => {
  const axis = settingOf(node, "axis", [0])[0] ?? 0;
  return [...table.slice(0, axis), ...places, ...table.slice(axis).slice(1)];
});

const reshape: Rule = ({ inputs: [value = "", shape = ""] }, { dimensions, integers }) => {
  const from = dimensions.get(value);
  const sizes = integers.get(shape)?.map((size, axis) => (size === 0 ? (from?.[axis] ?? 0) : size));
  if (from === undefined || sizes === undefined) return undefined;
  const rest = elementsCountOf(from) / Math.abs(elementsCountOf(sizes));
  return sizes.map((size) => (size === -1 ? rest : size));
};

const unsqueeze: Rule = ({ inputs: [value = "", places = ""] }, { dimensions, integers }) => {
  const sizes = [...(dimensions.get(value) ?? [])];
  const axes = integers.get(places);
  if (!dimensions.has(value) || axes === undefined) return undefined;
  const count = sizes.length + axes.length;
  for (const axis of axes.map((place) => (place < 0 ? place + count : place)).sort((left, right) => left - right)) {
    sizes.splice(axis, 0, 1);
  }
  return sizes;
};

/** Only with steps of one, as positions are cut. */
const slice: Rule = ({ inputs: [value = "", ...bounds] }, { dimensions, integers }) => {
  const from = dimensions.get(value);
  const [starts, ends, axes] = bounds.map((name) => integers.get(name));
  if (from === undefined || starts === undefined || ends === undefined || axes === undefined) return undefined;
  return from.map((size, axis) => {
    const place = axes.indexOf(axis);
    if (place < 0) return size;
    const bound = (at: number | undefined) => Math.min(size, (at ?? 0) < 0 ? size + (at ?? 0) : (at ?? 0));
    return Math.max(0, bound(ends[place]) - bound(starts[place]));
  });
};

const rows: readonly (readonly [rule: Rule, operators: string])[] = [
  [same, "Identity Cast Relu Gelu FastGelu Erf Tanh Sigmoid Softmax Sqrt Exp Log Neg Abs Clip Dropout"],
  [same, "LayerNormalization SimplifiedLayerNormalization BatchNormalization GroupQueryAttention"],
  [same, "QuantizeLinear DequantizeLinear DynamicQuantizeLinear"],
  [elementwise, "Add Sub Mul Div Pow"],
  [matMul, "MatMul MatMulInteger"],
  [gemm, "Gemm"],
  [matMulBlocks, "MatMulNBits"],
  [convolution, "Conv ConvInteger"],
  [pooling, "MaxPool AveragePool"],
  [ofInputs((_, image) => image.map((size, axis) => (axis < 2 ? size : 1)), 1), "GlobalAveragePool"],
  [transpose, "Transpose"],
  [reduceMean, "ReduceMean"],
  [gather, "Gather"],
  [reshape, "Reshape"],
  [unsqueeze, "Unsqueeze"],
  [slice, "Slice"],
];

/**
 * How the operators that numalab writes shape their results.
 * @see https://onnx.ai/onnx/operators/
 */
export const dimensionRules: ReadonlyMap<string, Rule> = new Map(
  rows.flatMap(([rule, operators]) => operators.split(" ").map((operator) => [operator, rule] as const)),
);
