import { ModelError, type Preset, readPreset } from "../model/index.ts";
import { buildConvolutionNet, type ConvolutionShape } from "./convolutionNet.ts";
import { buildDecoder } from "./decoder.ts";
import { buildEncoder, type EncoderShape } from "./encoder.ts";
import { OnnxError } from "./errors.ts";
import type { OnnxGraph } from "./graph.ts";

/** A published model to be built with random weights. */
export interface PresetSpec {
  /** `bert-base`, `resnet-50`, or a decoder that the model catalogue has, such as `qwen2.5-0.5b`; in any case. */
  readonly preset: string;
  /** How many layers to keep, from the first; all when left out. Convolution nets have no layers to cut. */
  readonly depth?: number;
  /** The same seed gives the same weights. */
  readonly randomSeed: number;
}

/** What all BERTs share: the vocabulary and the longest text. */
const bert = { vocabularyCount: 30_522, positionsCount: 512 };

/**
 * The shapes of published encoders.
 * @see https://github.com/google-research/bert
 * @see https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2
 */
const encoders: ReadonlyMap<string, EncoderShape> = new Map([
  ["bert-base", { ...bert, layersCount: 12, hiddenSize: 768, feedForwardSize: 3072, headsCount: 12 }],
  ["bert-small", { ...bert, layersCount: 4, hiddenSize: 512, feedForwardSize: 2048, headsCount: 8 }],
  ["bert-mini", { ...bert, layersCount: 4, hiddenSize: 256, feedForwardSize: 1024, headsCount: 4 }],
  ["bert-tiny", { ...bert, layersCount: 2, hiddenSize: 128, feedForwardSize: 512, headsCount: 2 }],
  ["minilm-l6", { ...bert, layersCount: 6, hiddenSize: 384, feedForwardSize: 1536, headsCount: 12 }],
]);

/** What residual nets for ImageNet share; their norms are folded, as runtimes do before they compute. */
const residual = { channelsCount: 64, classesCount: 1000, imageSize: 224, norms: "folded" } as const;

/** The shapes of published residual nets. */
const convolutionNets: ReadonlyMap<string, ConvolutionShape> = new Map([
  ["resnet-50", { ...residual, blocksCounts: [3, 4, 6, 3], block: "bottleneck" }],
  ["resnet-18", { ...residual, blocksCounts: [2, 2, 2, 2], block: "basic" }],
]);

/** The presets that are no decoders: those are in the model catalogue. */
export const onnxPresets: readonly string[] = [...encoders.keys(), ...convolutionNets.keys()];

/** The same shape with its first layers only. */
function shortened<Shape extends { readonly layersCount: number }>(shape: Shape, { preset, depth }: PresetSpec): Shape {
  const { layersCount } = shape;
  if (depth === undefined) return shape;
  if (Number.isInteger(depth) && depth >= 1 && depth <= layersCount) return { ...shape, layersCount: depth };
  const message = `depth is ${depth}, and ${preset} has ${layersCount} layers. Pass 1 to ${layersCount}.`;
  throw new OnnxError("bad-spec", message, { facts: { depth, layersCount } });
}

/** The decoders whose graph is known; the catalogue has others, and some of these have experts. */
const decoderArchitectures: readonly string[] = ["llama", "qwen2"];

function assertKnownDecoder({ name, shape }: Preset): void {
  if (decoderArchitectures.includes(shape.architecture) && shape.expertsCount === 0) return;
  const found = shape.expertsCount > 0 ? `${shape.architecture} with experts` : shape.architecture;
  const message = `${name} is ${found}, and graphs are built of ${decoderArchitectures.join(" and ")} without. Pass such a one.`;
  throw new OnnxError("no-such-preset", message, { facts: { name } });
}

async function readDecoder(spec: PresetSpec): Promise<OnnxGraph> {
  try {
    const preset = await readPreset(spec.preset);
    assertKnownDecoder(preset);
    return buildDecoder({ ...shortened(preset.shape, spec), randomSeed: spec.randomSeed });
  } catch (error) {
    if (!(error instanceof ModelError) || error.code !== "no-such-preset") throw error;
    const message = `${error.message} Or pass ${onnxPresets.join(", ")}.`;
    throw new OnnxError("no-such-preset", message, { facts: { ...error.facts, onnxPresets }, cause: error });
  }
}

/**
 * A published model's graph with random weights: its speed is real, its results are noise.
 * @throws {OnnxError} `no-such-preset` or `bad-spec`
 */
export async function buildPreset(spec: PresetSpec): Promise<OnnxGraph> {
  const { depth, randomSeed } = spec;
  const name = spec.preset.toLowerCase();
  const encoder = encoders.get(name);
  if (encoder !== undefined) return buildEncoder({ ...shortened(encoder, spec), randomSeed });
  const convolutionNet = convolutionNets.get(name);
  if (convolutionNet === undefined) return readDecoder(spec);
  if (depth === undefined) return buildConvolutionNet({ ...convolutionNet, randomSeed });
  const message = `depth is ${depth}, and ${name} has stages instead of layers. Leave it out.`;
  throw new OnnxError("bad-spec", message, { facts: { depth } });
}
