import { elementsCountOf, type OnnxGraph, tensorOf } from "../onnx/index.ts";
import { seededRandom, type Random } from "../stats/index.ts";
import { type Expression, inputOf } from "./expression.ts";
import { graphOf } from "./onnxGraph.ts";
import { reshape, slice } from "./operations/shape.ts";

/** Where a net has its weights from, by name: in training from one long vector, in a finished model from the file. */
export type WeightOf = (name: string, dimensions: readonly number[]) => Expression;

/** A classifier: the logits of each class for each sequence of tokens, with weights from anywhere. */
export interface Net {
  readonly name: string;
  /** Tokens of one sequence. */
  readonly sequenceLength: number;
  /** `tokens` is sequences × tokens; what comes back is sequences × classes. */
  readonly logitsOf: (tokens: Expression, weightOf: WeightOf) => Expression;
}

/** A weight's place in the vector of all weights of a net. */
export interface WeightPlace {
  readonly name: string;
  readonly dimensions: readonly number[];
  /** The elements before it. */
  readonly offset: number;
}

/** The tokens of a number of sequences, as an input of a graph. */
export function tokensOf({ sequenceLength }: Net, sequencesCount: number): Expression {
  return inputOf("tokens", "int64", [sequencesCount, sequenceLength]);
}

/** The places of a net's weights in the vector of all of them, in the order in which the net asks for them. */
export function weightPlacesOf(net: Net): readonly WeightPlace[] {
  const places: WeightPlace[] = [];
  let offset = 0;
  net.logitsOf(tokensOf(net, 1), (name, dimensions) => {
    places.push({ name, dimensions, offset });
    offset += elementsCountOf(dimensions);
    return inputOf(name, "float32", dimensions);
  });
  return places;
}

/** The number of elements of all weights of a net. */
export function weightElementsCountOf(net: Net): number {
  return weightPlacesOf(net).reduce((sum, { dimensions }) => sum + elementsCountOf(dimensions), 0);
}

/** Matrices uniform within the bounds of Glorot and Bengio (2010), scales 1, all other vectors 0. */
function initialValue({ name, dimensions }: WeightPlace, random: Random): () => number {
  const [rows, columns] = dimensions;
  if (rows !== undefined && columns !== undefined) {
    const bound = Math.sqrt(6 / (rows + columns));
    return () => (2 * random() - 1) * bound;
  }
  const value = name.endsWith(".scale") ? 1 : 0;
  return () => value;
}

/** The vector of all weights of a net before training. */
export function initialWeights(net: Net, randomSeed: number): Float32Array {
  const random = seededRandom(randomSeed);
  const weights = new Float32Array(weightElementsCountOf(net));
  for (const place of weightPlacesOf(net)) {
    const part = weights.subarray(place.offset, place.offset + elementsCountOf(place.dimensions));
    part.set(Array.from(part, initialValue(place, random)));
  }
  return weights;
}

/** The weights of a net by name, each cut out of the vector of all of them. */
export function weightsIn(vector: Expression, net: Net): ReadonlyMap<string, Expression> {
  const cut = ({ name, dimensions, offset }: WeightPlace): [string, Expression] => {
    const elements = slice(vector, 0, [offset, offset + elementsCountOf(dimensions)]);
    return [name, reshape(elements, dimensions)];
  };
  return new Map(weightPlacesOf(net).map(cut));
}

/** The net with its weights stored, as a graph from `tokens` to `logits` for any number of sequences. */
export function inferenceGraphOf(net: Net, weights: Float32Array): OnnxGraph {
  const stored = weightPlacesOf(net).map(({ name, dimensions, offset }) =>
    tensorOf(name, weights.slice(offset, offset + elementsCountOf(dimensions)), dimensions),
  );
  const logits = net.logitsOf(tokensOf(net, 2), (name, dimensions) => inputOf(name, "float32", dimensions));
  return graphOf({ name: net.name, outputs: { logits }, stored, batchName: "batch" });
}
