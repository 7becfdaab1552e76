import { architectures, type Architecture } from "./architecture.ts";
import { dimensionsOf, type TensorTemplates } from "./dimensions.ts";
import type { TensorSpec } from "./gguf.ts";
import type { ModelShape } from "./shape.ts";
import type { SyntheticType } from "./tensorType.ts";
import { tensorTypeOf } from "./tensorType.ts";

/** The numbers that `general.file_type` gives to the formats a synthetic model's matrices can have. */
export const fileTypes = { F16: 1, Q4_0: 2, Q8_0: 7 } as const;

/** The mix that a synthetic model's matrices are stored in, as `llama-quantize` calls it. */
export type SyntheticQuant = keyof typeof fileTypes;

/** The storage formats that can be synthesized. */
export const syntheticQuants = Object.keys(fileTypes) as readonly SyntheticQuant[];

/** What takes the place of a format whose blocks the rows of a matrix do not fill. */
const fallbacks = { Q8_0: "F16", Q6_K: "Q8_0", Q4_0: "F16" } as const;

type MatrixType = Exclude<SyntheticType, "F32">;

/** The format that rows of so many weights get instead of the wanted one, which they may not fill. */
function fittingTypeOf(rowWeights: number, wanted: MatrixType): SyntheticType {
  if (wanted === "F16" || rowWeights % tensorTypeOf(wanted).blockWeights === 0) return wanted;
  return fittingTypeOf(rowWeights, fallbacks[wanted]);
}

/** Small matrices that are never quantized, nor halved. */
const whole = /(ffn_gate_inp|position_embd|token_types)\.weight$/;

/** With this many experts, the keys and values of all heads weigh little, and `llama-quantize` keeps them finer. */
const expertsOfMixtral = 8;

/** Whether a matrix gives the next token's probabilities, to which the model is most sensitive. */
function isOutput(name: string, { tiedEmbeddings }: ModelShape): boolean {
  return name === (tiedEmbeddings ? "token_embd.weight" : "output.weight");
}

function wantedTypeOf(name: string, quant: SyntheticQuant, shape: ModelShape): MatrixType {
  if (quant !== "Q4_0") return quant;
  if (isOutput(name, shape)) return "Q6_K";
  return shape.expertsCount === expertsOfMixtral && /attn_[kv]\.weight$/.test(name) ? "Q8_0" : quant;
}

function typeOf(name: string, dimensions: readonly number[], { shape, quant }: Layout): SyntheticType {
  const [rowWeights = 0] = dimensions;
  if (dimensions.length === 1 || whole.test(name)) return "F32";
  return fittingTypeOf(rowWeights, wantedTypeOf(name, quant, shape));
}

/** What the tensors of a model follow from. */
interface Layout {
  readonly shape: ModelShape;
  readonly quant: SyntheticQuant;
}

/** The tensors of a layer, or with null those outside of layers. */
function tensorsOf(layout: Layout, templates: TensorTemplates, layerIndex: number | null): TensorSpec[] {
  const prefix = layerIndex === null ? "" : `blk.${layerIndex}.`;
  const sizes = dimensionsOf(layout.shape, layerIndex ?? 0);
  return Object.entries(templates)
    .map(([name, names]) => ({ name: prefix + name, dimensions: names.map((size) => sizes[size]) }))
    .filter(({ dimensions }) => !dimensions.includes(0))
    .map(({ name, dimensions }) => ({ name, dimensions, type: tensorTypeOf(typeOf(name, dimensions, layout)) }));
}

/**
 * The tensors of a model in the order of the file, each in the format that `llama-quantize` gives it in a file of the
 * chosen mix: vectors in F32, and the output, or the embedding table that stands for it, in the output's.
 * @see https://github.com/ggml-org/llama.cpp/tree/master/src llama-quant.cpp, for formats
 */
export function tensorSpecsOf(layout: Layout): readonly TensorSpec[] {
  const { layersCount, architecture } = layout.shape;
  const { before, layer, after }: Architecture = architectures[architecture];
  const layers = Array.from({ length: layersCount }, (_, index) => tensorsOf(layout, layer, index));
  return [...tensorsOf(layout, before, null), ...layers.flat(), ...tensorsOf(layout, after, null)];
}
