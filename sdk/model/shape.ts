import { type ArchitectureName, needsOf } from "./architecture.ts";
import { ModelError } from "./errors.ts";
import { shapeRules } from "./shapeRules.ts";

/** What a caller may say about the shape of a model. */
export interface ShapeSpec {
  readonly architecture: ArchitectureName;
  readonly layersCount: number;
  readonly hiddenSize: number;
  readonly feedForwardSize: number;
  readonly headsCount: number;
  readonly kvHeadsCount: number;
  /** The hidden size over the heads when left out. */
  readonly headSize?: number;
  /** What a head gives, where that differs from what it compares; the head size when left out. */
  readonly valueSize?: number;
  /** How much of a head tells positions; all of it when left out. */
  readonly rotarySize?: number;
  /** The numbers that a token's queries, or its keys and values, are unfolded from; 0, for none, when left out. */
  readonly queryLatentSize?: number;
  readonly keyValueLatentSize?: number;
  /** How far back the layers look that do not see all; 4096 when left out. */
  readonly slidingWindowTokensCount?: number;
  /** 0 when left out. */
  readonly expertsCount?: number;
  /** How many of the experts a token goes through. */
  readonly expertsUsedCount?: number;
  /** The feed-forward size when left out. */
  readonly expertFeedForwardSize?: number;
  /** How many experts each token goes through besides; 0 when left out. */
  readonly sharedExpertsCount?: number;
  /** How many layers, from the first, have no experts; 0 when left out. */
  readonly denseLayersCount?: number;
  /** How the experts of a token are chosen; softmax when left out. */
  readonly expertGating?: "softmax" | "sigmoid";
  readonly vocabularyCount: number;
  /** 2048 when left out. */
  readonly contextTokensCount?: number;
  /** Whether the output reads the embedding table instead of weights of its own; as the architecture when left out. */
  readonly tiedEmbeddings?: boolean;
  /** The base of the rotary position frequencies; 10000 when left out. */
  readonly ropeBase?: number;
  /** What keeps the norms from dividing by zero; 0.00001 when left out. */
  readonly normEpsilon?: number;
}

/** A shape with every choice made. */
export type ModelShape = Required<ShapeSpec>;

/**
 * Fills every choice of a shape.
 * @throws {ModelError} `bad-shape` when no model can have it
 */
export function planShape(spec: ShapeSpec): ModelShape {
  const headSize = spec.headSize ?? spec.hiddenSize / spec.headsCount;
  const shape: ModelShape = {
    headSize,
    valueSize: headSize,
    rotarySize: headSize,
    queryLatentSize: 0,
    keyValueLatentSize: 0,
    slidingWindowTokensCount: 4096,
    expertsCount: 0,
    expertsUsedCount: 0,
    expertFeedForwardSize: spec.feedForwardSize,
    sharedExpertsCount: 0,
    denseLayersCount: 0,
    expertGating: "softmax",
    contextTokensCount: 2048,
    tiedEmbeddings: needsOf(spec.architecture).tiedEmbeddings ?? false,
    ropeBase: 10_000,
    normEpsilon: 1e-5,
    ...spec,
  };
  for (const [holds, found, needed] of shapeRules) {
    if (holds(shape)) continue;
    throw new ModelError("bad-shape", `The shape cannot be built: ${found(shape)}, and ${needed}.`, {
      facts: { shape },
    });
  }
  return shape;
}
