import type { Expression } from "./expression.ts";
import type { Net, WeightOf } from "./net.ts";
import { add, gelu, multiply } from "./operations/elementwise.ts";
import { gather } from "./operations/lookup.ts";
import { matMul } from "./operations/product.ts";
import { layerNormalization, reduceMean, softmax } from "./operations/reduction.ts";
import { reshape, transpose } from "./operations/shape.ts";

/** The sizes of an encoder that classifies sequences of tokens. */
export interface TransformerShape {
  readonly vocabularySize: number;
  readonly sequenceLength: number;
  readonly classesCount: number;
  readonly layersCount: number;
  /** A multiple of `headsCount`. */
  readonly hiddenSize: number;
  readonly headsCount: number;
  readonly feedForwardSize: number;
  /** Default: GELU. */
  readonly activation?: (x: Expression) => Expression;
}

type Block = (x: Expression, weightOf: WeightOf, shape: TransformerShape) => Expression;

const named =
  (prefix: string, weightOf: WeightOf): WeightOf =>
  (name, dimensions) =>
    weightOf(`${prefix}.${name}`, dimensions);

function linear(x: Expression, outputSize: number, weightOf: WeightOf): Expression {
  return add(matMul(x, weightOf("weight", [x.dimensions.at(-1) ?? 1, outputSize])), weightOf("bias", [outputSize]));
}

function normalized(x: Expression, weightOf: WeightOf): Expression {
  const size = [x.dimensions.at(-1) ?? 1];
  return layerNormalization(x, weightOf("scale", size), weightOf("shift", size));
}

const attention: Block = (x, weightOf, { hiddenSize, headsCount, sequenceLength }) => {
  const headSize = hiddenSize / headsCount;
  const [batch = 1] = x.dimensions;
  const headsOf = (name: string, order: readonly number[]) => {
    const projected = linear(x, hiddenSize, named(name, weightOf));
    return transpose(reshape(projected, [batch, sequenceLength, headsCount, headSize]), order);
  };
  const scores = matMul(headsOf("query", [0, 2, 1, 3]), headsOf("key", [0, 2, 3, 1]));
  const shares = softmax(multiply(scores, 1 / Math.sqrt(headSize)));
  const mixed = transpose(matMul(shares, headsOf("value", [0, 2, 1, 3])), [0, 2, 1, 3]);
  return linear(reshape(mixed, [batch, sequenceLength, hiddenSize]), hiddenSize, named("output", weightOf));
};

const feedForward: Block = (x, weightOf, { hiddenSize, feedForwardSize, activation = gelu }) =>
  linear(activation(linear(x, feedForwardSize, named("up", weightOf))), hiddenSize, named("down", weightOf));

const layer: Block = (x, weightOf, shape) => {
  const blocks = { attention, feedForward };
  return Object.entries(blocks).reduce((sum, [name, block]) => {
    const normal = normalized(sum, named(`${name}.norm`, weightOf));
    return add(sum, block(normal, named(name, weightOf), shape));
  }, x);
};

/** An encoder that classifies sequences: layers of attention and feed-forward, normalized before each, then the mean over the tokens. */
export function transformerOf(name: string, shape: TransformerShape): Net {
  const { vocabularySize, sequenceLength, hiddenSize, layersCount, classesCount } = shape;
  return {
    name,
    sequenceLength,
    logitsOf(tokens, weightOf) {
      const positions = weightOf("embedding.position", [sequenceLength, hiddenSize]);
      let hidden: Expression = add(
        gather(weightOf("embedding.token", [vocabularySize, hiddenSize]), tokens),
        positions,
      );
      for (let index = 0; index < layersCount; index++) hidden = layer(hidden, named(`layer${index}`, weightOf), shape);
      const mean = reduceMean(normalized(hidden, named("norm", weightOf)), [1]);
      return linear(
        reshape(mean, [tokens.dimensions[0] ?? 1, hiddenSize]),
        classesCount,
        named("classifier", weightOf),
      );
    },
  };
}
