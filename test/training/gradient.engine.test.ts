import { describe, expect, it } from "vitest";
import {
  add,
  cast,
  constantOf,
  crossEntropy,
  divergence,
  divide,
  erf,
  exp,
  expand,
  type Expression,
  gather,
  gelu,
  type Input,
  inputOf,
  layerNormalization,
  log,
  logSoftmax,
  matMul,
  multiply,
  negate,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  softmax,
  sqrt,
  subtract,
  tanh,
  transformerOf,
  transpose,
} from "numalab/training";
import { checkGradients } from "./finiteDifference.ts";

/** A loss in which each element of x weighs something else. */
function lossOf(x: Expression): Expression {
  const count = x.dimensions.reduce((product, size) => product * size, 1);
  const shares = Array.from({ length: count }, (_, index) => Math.sin(index + 1));
  return reshape(reduceSum(multiply(x, constantOf(shares, x.type, x.dimensions))), []);
}

type Case = readonly [string, readonly (readonly number[])[], (...weights: never[]) => Expression];

const cases: readonly Case[] = [
  ["Add", [[2, 3], [3]], add],
  [
    "Add of both broadcast",
    [
      [2, 1, 3],
      [4, 1],
    ],
    add,
  ],
  [
    "Sub",
    [
      [2, 3],
      [2, 1],
    ],
    subtract,
  ],
  [
    "Mul",
    [
      [2, 3],
      [1, 3],
    ],
    multiply,
  ],
  ["Mul with itself", [[3]], (x: Input) => multiply(x, x)],
  ["Div", [[2, 3], [3]], divide],
  ["Neg", [[3]], negate],
  ["Exp", [[3]], exp],
  ["Log", [[3]], log],
  ["Sqrt", [[3]], sqrt],
  ["Tanh", [[3]], tanh],
  ["Relu", [[7]], (x: Input) => relu(subtract(x, 1))],
  ["Cast", [[3]], (x: Input) => cast(x, "float64")],
  [
    "MatMul",
    [
      [2, 3],
      [3, 4],
    ],
    matMul,
  ],
  [
    "MatMul with a weight that a batch shares",
    [
      [2, 5, 3],
      [3, 4],
    ],
    matMul,
  ],
  [
    "MatMul of two batches",
    [
      [2, 2, 5, 3],
      [2, 2, 3, 4],
    ],
    matMul,
  ],
  [
    "MatMul with a broadcast batch",
    [
      [2, 2, 5, 3],
      [1, 2, 3, 4],
    ],
    matMul,
  ],
  ["Transpose", [[2, 3, 4]], (x: Input) => transpose(x, [2, 0, 1])],
  ["Reshape", [[2, 6]], (x: Input) => reshape(x, [3, 4])],
  ["Expand", [[1, 3]], (x: Input) => expand(x, [2, 4, 3])],
  ["Softmax", [[2, 4]], softmax],
  ["LogSoftmax", [[2, 4]], logSoftmax],
  ["ReduceSum", [[2, 3]], (x: Input) => reduceSum(x, [0])],
  ["ReduceMean", [[2, 3, 4]], (x: Input) => reduceMean(x, [1])],
  ["LayerNormalization", [[2, 5], [5], [5]], layerNormalization],
  ["Gather", [[4, 3]], (table: Input) => gather(table, constantOf([1, 3, 1, 0], "int64", [2, 2]))],
  ["cross entropy", [[3, 4]], (x: Input) => crossEntropy(x, constantOf([0, 3, 1], "int64"))],
  [
    "divergence",
    [
      [3, 4],
      [3, 4],
    ],
    (reference: Input, x: Input) => divergence(reference, x, 2),
  ],
];

describe("gradients", () => {
  it.each(cases)("of %s equal finite differences", async (_, dimensions, apply) => {
    const weights = dimensions.map((sizes, index) => inputOf(`weight${index}`, "float64", sizes));
    const { worstError } = await checkGradients(lossOf(apply(...(weights as never[]))), weights);
    expect(worstError).toBeLessThan(1e-6);
  });

  // onnxruntime has Erf for float32 only.
  it.each([
    ["Erf", erf],
    ["GELU", gelu],
  ])("of %s equal finite differences as far as float32 tells them", async (_, apply) => {
    const weight = inputOf("weight", "float32", [5]);
    const { worstError } = await checkGradients(lossOf(apply(weight)), [weight], { distance: 4e-3 });
    expect(worstError).toBeLessThan(1e-3);
  });

  it("of a transformer of two layers equal finite differences, those of the attention too", async () => {
    const sizes = { vocabularySize: 6, sequenceLength: 5, classesCount: 3, layersCount: 2, hiddenSize: 8 };
    const net = transformerOf("checked", { ...sizes, headsCount: 2, feedForwardSize: 12, activation: tanh });
    const weights: Input[] = [];
    const tokens = constantOf([0, 1, 2, 3, 4, 5, 4, 3, 2, 1], "int64", [2, 5]);
    const logits = net.logitsOf(tokens, (name, dimensions) => {
      const weight = inputOf(name, "float64", dimensions);
      weights.push(weight);
      return weight;
    });
    const loss = crossEntropy(logits, constantOf([0, 2], "int64"));
    const check = await checkGradients(loss, weights, { interval: [-1, 1], elementsCount: 5 });
    expect(check.worstError).toBeLessThan(1e-4);
    // A gradient of about 0 would equal any other: these are all far above the noise of float64, 1e-11 here.
    const attention = Object.entries(check.sizes).filter(([name]) =>
      /attention\.(query|key|value|output)\.weight/.test(name),
    );
    expect(attention).toHaveLength(8);
    for (const [name, size] of attention) expect(size, name).toBeGreaterThan(1e-4);
  });
});
