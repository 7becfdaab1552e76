import { architectureNames, needsOf } from "./architecture.ts";
import type { ModelShape } from "./shape.ts";
import { smallestVocabularyCount } from "./vocabulary.ts";

/** What every shape must hold: the check, what was found, and what was needed. */
export type ShapeRule = readonly [
  holds: (shape: ModelShape) => boolean,
  found: (shape: ModelShape) => string,
  needed: string,
];

const most = 2 ** 20;

/** Each count with the least and the most it can be: beyond that no machine could hold the model, and nothing is tried. */
const limits = {
  layersCount: [1, 10_000],
  hiddenSize: [1, most],
  feedForwardSize: [1, most],
  headsCount: [1, most],
  kvHeadsCount: [1, most],
  headSize: [1, most],
  valueSize: [1, most],
  rotarySize: [1, most],
  queryLatentSize: [0, most],
  keyValueLatentSize: [0, most],
  slidingWindowTokensCount: [1, 2 ** 31],
  expertsCount: [0, 512],
  expertsUsedCount: [0, 512],
  expertFeedForwardSize: [1, most],
  sharedExpertsCount: [0, 512],
  denseLayersCount: [0, 10_000],
  vocabularyCount: [1, most],
  contextTokensCount: [1, 2 ** 31],
} as const;

const countRules = (Object.keys(limits) as (keyof typeof limits)[]).map((name): ShapeRule => {
  const [least, most] = limits[name];
  return [
    (shape) => Number.isInteger(shape[name]) && shape[name] >= least && shape[name] <= most,
    (shape) => `${name} is ${shape[name]}`,
    `it must be a whole number from ${least} to ${most}`,
  ];
});

const positiveRules = (["ropeBase", "normEpsilon"] as const).map((name): ShapeRule => [
  (shape) => Number.isFinite(shape[name]) && shape[name] > 0,
  (shape) => `${name} is ${shape[name]}`,
  "it must be above 0",
]);

/** Nothing is needed where the architecture leaves it to the model. */
const agrees = (needed: boolean | undefined, found: boolean) => needed === undefined || needed === found;

const architectureRules: readonly ShapeRule[] = [
  [
    ({ architecture, headsCount, headSize, hiddenSize }) =>
      needsOf(architecture).headsFillLayer !== true || headsCount * headSize === hiddenSize,
    ({ architecture, headsCount, headSize, hiddenSize }) =>
      `${headsCount} heads of ${headSize} stand beside a hidden size of ${hiddenSize} in ${architecture}`,
    "there their product must be the hidden size",
  ],
  [
    ({ architecture, tiedEmbeddings }) => agrees(needsOf(architecture).tiedEmbeddings, tiedEmbeddings),
    ({ architecture, tiedEmbeddings }) => `tiedEmbeddings is ${tiedEmbeddings} in ${architecture}`,
    "there it must be the contrary",
  ],
  [
    ({ architecture, expertsCount }) => agrees(needsOf(architecture).experts, expertsCount > 0),
    ({ architecture, expertsCount }) => `expertsCount is ${expertsCount} in ${architecture}`,
    "it must be above 0 in qwen2moe, qwen3moe and deepseek2, and 0 elsewhere but in llama",
  ],
  [
    ({ architecture, keyValueLatentSize }) => (architecture === "deepseek2") === keyValueLatentSize > 0,
    ({ architecture, keyValueLatentSize }) => `keyValueLatentSize is ${keyValueLatentSize} in ${architecture}`,
    "it must be above 0 in deepseek2, and 0 elsewhere",
  ],
  [
    ({ architecture, queryLatentSize, layersCount }) =>
      architecture !== "deepseek2" || queryLatentSize === 0 || ![26, 27].includes(layersCount),
    ({ queryLatentSize, layersCount }) =>
      `queryLatentSize is ${queryLatentSize} in deepseek2 with ${layersCount} layers`,
    "llama.cpp takes 26 or 27 layers for those of a model without it: choose another depth",
  ],
  [
    ({ architecture, feedForwardSize, expertFeedForwardSize }) =>
      architecture !== "llama" || feedForwardSize === expertFeedForwardSize,
    ({ feedForwardSize, expertFeedForwardSize }) =>
      `expertFeedForwardSize is ${expertFeedForwardSize} and feedForwardSize ${feedForwardSize} in llama`,
    "there they must be equal",
  ],
];

/** The rules of every shape, in the order of their importance. */
export const shapeRules: readonly ShapeRule[] = [
  [
    ({ architecture }) => architectureNames.includes(architecture),
    ({ architecture }) => `architecture is ${architecture}`,
    `it must be one of ${architectureNames.join(", ")}`,
  ],
  ...countRules,
  ...positiveRules,
  [
    ({ headsCount, kvHeadsCount }) => headsCount % kvHeadsCount === 0,
    ({ headsCount, kvHeadsCount }) => `${headsCount} heads share ${kvHeadsCount} key and value heads`,
    "headsCount must be a multiple of kvHeadsCount",
  ],
  [
    ({ rotarySize }) => rotarySize % 2 === 0,
    ({ rotarySize }) => `rotarySize is ${rotarySize}`,
    "it must be even, because rotary positions turn pairs",
  ],
  [
    ({ architecture, headSize, rotarySize }) =>
      rotarySize < headSize || (rotarySize === headSize && architecture !== "deepseek2"),
    ({ headSize, rotarySize }) => `rotarySize is ${rotarySize} and headSize ${headSize}`,
    "rotarySize must be less, or equal where the architecture is not deepseek2",
  ],
  [
    ({ architecture, headSize, rotarySize }) => architecture !== "llama" || rotarySize === headSize,
    ({ headSize, rotarySize }) => `rotarySize is ${rotarySize} and headSize ${headSize} in llama`,
    "there they must be equal",
  ],
  [
    ({ expertsCount, expertsUsedCount }) =>
      expertsUsedCount <= expertsCount && (expertsCount === 0 || expertsUsedCount > 0),
    ({ expertsCount, expertsUsedCount }) => `expertsUsedCount is ${expertsUsedCount} of ${expertsCount}`,
    "it must be from 1 to expertsCount",
  ],
  ...architectureRules,
  [
    ({ vocabularyCount }) => vocabularyCount >= smallestVocabularyCount,
    ({ vocabularyCount }) => `vocabularyCount is ${vocabularyCount}`,
    `it must be ${smallestVocabularyCount} at least, to hold every byte`,
  ],
];
