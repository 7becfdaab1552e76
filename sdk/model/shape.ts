import { ModelError } from "./errors.ts";
import { smallestVocabularyCount } from "./vocabulary.ts";

/** The architectures that can be synthesized. */
export const architectures = ["llama", "qwen2"] as const;

/** What a caller may say about the shape of a model. */
export interface ShapeSpec {
  readonly architecture: (typeof architectures)[number];
  readonly layersCount: number;
  readonly hiddenSize: number;
  readonly feedForwardSize: number;
  readonly headsCount: number;
  readonly kvHeadsCount: number;
  /** The hidden size over the heads when left out. */
  readonly headSize?: number;
  readonly vocabularyCount: number;
  /** 2048 when left out. */
  readonly contextTokensCount?: number;
  /** Whether the output reads the embedding table instead of weights of its own; false when left out. */
  readonly tiedEmbeddings?: boolean;
  /** The base of the rotary position frequencies; 10000 when left out. */
  readonly ropeBase?: number;
  /** What keeps the norms from dividing by zero; 0.00001 when left out. */
  readonly normEpsilon?: number;
}

/** A shape with every choice made. */
export type ModelShape = Required<ShapeSpec>;

type Rule = readonly [holds: (shape: ModelShape) => boolean, found: (shape: ModelShape) => string, needed: string];

/** Each count with the most it can be: beyond that no machine could hold the model, and nothing is even tried. */
const mostCounts = {
  layersCount: 10_000,
  hiddenSize: 2 ** 20,
  feedForwardSize: 2 ** 20,
  headsCount: 2 ** 20,
  kvHeadsCount: 2 ** 20,
  headSize: 2 ** 20,
  vocabularyCount: 2 ** 20,
  contextTokensCount: 2 ** 31,
} as const;

const countRules = (Object.keys(mostCounts) as (keyof typeof mostCounts)[]).map((name): Rule => [
  (shape) => Number.isInteger(shape[name]) && shape[name] >= 1 && shape[name] <= mostCounts[name],
  (shape) => `${name} is ${shape[name]}`,
  `it must be a whole number from 1 to ${mostCounts[name]}`,
]);

const positiveRules = (["ropeBase", "normEpsilon"] as const).map((name): Rule => [
  (shape) => Number.isFinite(shape[name]) && shape[name] > 0,
  (shape) => `${name} is ${shape[name]}`,
  "it must be above 0",
]);

const rules: readonly Rule[] = [
  [
    ({ architecture }) => architectures.includes(architecture),
    ({ architecture }) => `architecture is ${architecture}`,
    `it must be one of ${architectures.join(", ")}`,
  ],
  ...countRules,
  ...positiveRules,
  [
    ({ headsCount, kvHeadsCount }) => headsCount % kvHeadsCount === 0,
    ({ headsCount, kvHeadsCount }) => `${headsCount} heads share ${kvHeadsCount} key and value heads`,
    "headsCount must be a multiple of kvHeadsCount",
  ],
  [
    ({ headSize }) => headSize % 2 === 0,
    ({ headSize }) => `headSize is ${headSize}`,
    "it must be even, because rotary positions turn pairs",
  ],
  [
    ({ architecture, headsCount, headSize, hiddenSize }) =>
      architecture !== "qwen2" || headsCount * headSize === hiddenSize,
    ({ headsCount, headSize, hiddenSize }) =>
      `${headsCount} heads of ${headSize} stand beside a hidden size of ${hiddenSize}`,
    "in qwen2 their product must be the hidden size",
  ],
  [
    ({ vocabularyCount }) => vocabularyCount >= smallestVocabularyCount,
    ({ vocabularyCount }) => `vocabularyCount is ${vocabularyCount}`,
    `it must be ${smallestVocabularyCount} at least, to hold every byte`,
  ],
];

/**
 * Fills every choice of a shape.
 * @throws {ModelError} `bad-shape` when no model can have it
 */
export function planShape(spec: ShapeSpec): ModelShape {
  const shape: ModelShape = {
    headSize: spec.hiddenSize / spec.headsCount,
    contextTokensCount: 2048,
    tiedEmbeddings: false,
    ropeBase: 10_000,
    normEpsilon: 1e-5,
    ...spec,
  };
  for (const [holds, found, needed] of rules) {
    if (holds(shape)) continue;
    throw new ModelError("bad-shape", `The shape cannot be built: ${found(shape)}, and ${needed}.`, {
      facts: { shape },
    });
  }
  return shape;
}
