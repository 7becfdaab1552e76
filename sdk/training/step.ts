import { elementsCountOf, type OnnxGraph } from "../onnx/index.ts";
import { type Expression, inputOf } from "./expression.ts";
import { gradientsOf } from "./gradient.ts";
import { type Net, tokensOf, weightElementsCountOf, weightsIn } from "./net.ts";
import { graphOf } from "./onnxGraph.ts";
import { concat, reshape } from "./operations/shape.ts";
import { adamStep } from "./optimizer.ts";

/** What a training step makes smaller, and what else of it is to be seen. */
export type Losses = Readonly<{ loss: Expression } & Record<string, Expression>>;

/** One step of a training. */
export interface StepSpec {
  readonly net: Net;
  /** Sequences in a batch. */
  readonly batchSize: number;
  readonly lossesOf: (logits: Expression) => Losses;
  /** Default 0.01. */
  readonly weightDecay?: number;
}

/** What a step gives to the next: the input that each of these outputs becomes. */
export const carriedInputs = {
  nextWeights: "weights",
  nextFirstMoment: "firstMoment",
  nextSecondMoment: "secondMoment",
} as const;

/**
 * A whole training step as one graph: forward, backward and AdamW. It takes the carried values, `learningRate`, `stepNumber` and
 * the batch; it gives the losses, and the carried values for the next step.
 */
export function stepGraphOf({ net, batchSize, lossesOf, weightDecay = 0.01 }: StepSpec): OnnxGraph {
  const vectorOf = (name: string) => inputOf(name, "float32", [weightElementsCountOf(net)]);
  const weights = vectorOf("weights");
  const parts = weightsIn(weights, net);
  const losses = lossesOf(net.logitsOf(tokensOf(net, batchSize), (name) => parts.get(name) ?? weights));
  const gradient = joined(gradientsOf(losses.loss, [...parts.values()]));
  const state = { weights, firstMoment: vectorOf("firstMoment"), secondMoment: vectorOf("secondMoment") };
  const learningRate = inputOf("learningRate", "float32", []);
  const stepNumber = inputOf("stepNumber", "float32", []);
  const next = adamStep(state, gradient, { learningRate, stepNumber, weightDecay });
  const carried = { nextWeights: next.weights, nextFirstMoment: next.firstMoment, nextSecondMoment: next.secondMoment };
  return graphOf({ name: `${net.name} training step`, outputs: { ...losses, ...carried } });
}

/** All elements in one vector. */
function joined(values: readonly Expression[]): Expression {
  return concat(
    values.map((value) => reshape(value, [elementsCountOf(value.dimensions)])),
    0,
  );
}
