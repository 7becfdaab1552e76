/** Small nets trained: gradients as ONNX graphs. */
export { TrainingError, type TrainingErrorCode } from "./errors.ts";
export { batchesOf, type Examples, examplesBetween, examplesCountOf } from "./examples.ts";
export { constantOf, inputOf, type Constant, type Expression, type Input, type Operation } from "./expression.ts";
export { accuracyRatioOf, chanceRatioOf, logitsOf } from "./evaluate.ts";
export { gradientsOf } from "./gradient.ts";
export { crossEntropy, divergence, labelLosses } from "./loss.ts";
export { inferenceGraphOf, initialWeights, type Net, tokensOf, type WeightOf, weightPlacesOf } from "./net.ts";
export { graphOf, type GraphSpec } from "./onnxGraph.ts";
export {
  add,
  cast,
  divide,
  equal,
  erf,
  exp,
  gelu,
  greater,
  log,
  multiply,
  negate,
  power,
  relu,
  sqrt,
  subtract,
  tanh,
} from "./operations/elementwise.ts";
export { gather, oneHot } from "./operations/lookup.ts";
export { matMul } from "./operations/product.ts";
export { layerNormalization, logSoftmax, reduceMean, reduceSum, softmax } from "./operations/reduction.ts";
export { concat, expand, reshape, slice, transpose } from "./operations/shape.ts";
export { type AdamPace, type AdamState, adamStep } from "./optimizer.ts";
export { carriedInputs, type Losses, stepGraphOf, type StepSpec } from "./step.ts";
export { type Training, type TrainingSpec, type TrainingStep, type TrainedNet, trainNet } from "./train.ts";
export { learningRateAt, type Schedule } from "./schedule.ts";
export { pairTaskOf, type PairTaskSpec, type Task } from "./pairTask.ts";
export { transformerOf, type TransformerShape } from "./transformer.ts";
