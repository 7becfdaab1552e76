import { architectures, type Architecture, type Keys } from "./architecture.ts";
import { tokenKindsCount } from "./dimensions.ts";
import type { GgufEntry, StoredEntry } from "./gguf.ts";
import { fileTypes, type SyntheticQuant } from "./layout.ts";
import type { RealVocabulary } from "./realVocabulary.ts";
import type { ModelShape } from "./shape.ts";
import { vocabularyEntriesOf } from "./vocabulary.ts";

/** What a synthetic file is made from. */
export interface Contents {
  readonly name: string;
  readonly shape: ModelShape;
  /** The layers of the model that the shape was cut from; the shape's own when it is whole. */
  readonly wholeLayersCount: number;
  /** The tokens of a published model, or null for made-up ones. */
  readonly vocabulary: RealVocabulary | null;
  readonly quant: SyntheticQuant;
  readonly randomSeed: number;
}

function shapeEntriesOf(shape: ModelShape): readonly GgufEntry[] {
  const { counts, reals, switches = {} }: Architecture = architectures[shape.architecture];
  const entriesOf = (keys: Keys<number | boolean>, type: "uint32" | "float32" | "bool") =>
    Object.entries(keys).map(([key, held]): GgufEntry => {
      const value = typeof held === "function" ? held(shape) : held;
      return { key: `${shape.architecture}.${key}`, type, value };
    });
  return [...entriesOf(counts, "uint32"), ...entriesOf(reals, "float32"), ...entriesOf(switches, "bool")];
}

/** Encoders need it, and a vocabulary may state it too. */
const tokenKindsKey = "tokenizer.ggml.token_type_count";

/** The metadata of a model: what llama.cpp needs to load it, and that it is synthetic. */
export function entriesOf(contents: Contents): readonly (GgufEntry | StoredEntry)[] {
  const { name, shape, wholeLayersCount, vocabulary, quant, randomSeed } = contents;
  const real = vocabulary?.entries.filter(({ key }) => key !== tokenKindsKey);
  return [
    { key: "general.architecture", type: "string", value: shape.architecture },
    { key: "general.name", type: "string", value: name },
    { key: "general.file_type", type: "uint32", value: fileTypes[quant] },
    { key: "general.quantization_version", type: "uint32", value: 2 },
    { key: "numalab.synthetic", type: "bool", value: true },
    { key: "numalab.random_seed", type: "uint64", value: randomSeed },
    { key: "numalab.whole_layers_count", type: "uint32", value: wholeLayersCount },
    ...shapeEntriesOf(shape),
    { key: tokenKindsKey, type: "uint32", value: tokenKindsCount },
    ...(real ?? vocabularyEntriesOf(shape.vocabularyCount)),
  ];
}
