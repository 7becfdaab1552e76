import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { ErrorFacts } from "../errors.ts";
import { narrowed, shortened, type Named } from "./cut.ts";
import { ModelError } from "./errors.ts";
import { alignUp } from "./gguf.ts";
import { formatHeader } from "./headerBytes.ts";
import type { Contents } from "./entries.ts";
import { entriesOf } from "./entries.ts";
import type { SyntheticQuant } from "./layout.ts";
import { syntheticQuants, tensorSpecsOf } from "./layout.ts";
import { readPreset } from "./preset.ts";
import { readVocabulary, type RealVocabulary } from "./realVocabulary.ts";
import type { ShapeSpec } from "./shape.ts";
import { planShape } from "./shape.ts";
import { tensorBytesOf } from "./tensorType.ts";

/** What a caller says about a synthetic model: a preset or a shape, and a path or a folder. */
export interface SynthesisSpec {
  /** The name of a published model, in any case: `qwen2.5-0.5b`. */
  readonly preset?: string;
  readonly shape?: ShapeSpec;
  /** How many layers to keep, from the first, or below 1 the share of them; all when left out. */
  readonly depth?: number;
  /** The share of the width to keep; heads stay as large, and rows whole blocks of 256 weights. All when left out. */
  readonly width?: number;
  /** A GGUF file, or a name in node-llama-cpp's sources such as `qwen2`, whose tokens the model gets; made up when left out. */
  readonly vocabulary?: string;
  /** Each tensor gets the format that `llama-quantize` gives it in a file of this mix. */
  readonly quant: SyntheticQuant;
  /** The same seed gives the same bytes. */
  readonly randomSeed: number;
  /** Where the file goes; needs to end in `.gguf`. */
  readonly path?: string;
  /** Where it goes under a name that tells preset, depth and quantization. */
  readonly folder?: string;
}

/** A synthetic model with every choice made, before a byte is written. */
export interface SynthesisPlan extends Contents {
  readonly path: string;
  readonly fileBytes: number;
  /** What the file system of the path has to give. */
  readonly freeBytes: number;
}

function badSpec(message: string, facts: ErrorFacts = {}): ModelError {
  return new ModelError("bad-spec", message, { facts });
}

async function readNamed({ preset, shape }: SynthesisSpec): Promise<Named> {
  if (preset !== undefined && shape === undefined) {
    const { name, shape: published } = await readPreset(preset);
    return { name, fileStem: name.toLowerCase(), shape: published };
  }
  if (preset !== undefined || shape === undefined) {
    const found = preset === undefined ? "neither preset nor shape" : "both preset and shape";
    throw badSpec(`The model has ${found}. Pass one of them.`);
  }
  const planned = planShape(shape);
  const size = `${planned.layersCount}x${planned.hiddenSize}`;
  return { name: `${planned.architecture} ${size}`, fileStem: `${planned.architecture}-${size}`, shape: planned };
}

/** The same model with as many rows in its tables as a real vocabulary has tokens, and named so. */
function worded(named: Named, vocabulary: RealVocabulary | null): Named {
  if (vocabulary === null) return named;
  return {
    name: `${named.name}, vocabulary of ${vocabulary.name}`,
    fileStem: `${named.fileStem}-${vocabulary.name.toLowerCase()}-vocabulary`,
    shape: planShape({ ...named.shape, vocabularyCount: vocabulary.tokensCount }),
  };
}

function checkSpec({ quant, randomSeed }: SynthesisSpec): void {
  if (!syntheticQuants.includes(quant)) {
    throw badSpec(`quant is ${quant}. Pass one of ${syntheticQuants.join(", ")}.`, { quant });
  }
  if (!Number.isSafeInteger(randomSeed) || randomSeed < 0) {
    throw badSpec(`randomSeed is ${randomSeed}. Pass a whole number from 0.`, { randomSeed });
  }
}

function planPath({ path, folder, quant }: SynthesisSpec, fileStem: string): string {
  if (path === undefined && folder === undefined) throw badSpec("There is no path and no folder. Pass one of them.");
  const chosen = path ?? join(folder ?? "", `${fileStem}-${quant.toLowerCase()}-synthetic.gguf`);
  if (!chosen.endsWith(".gguf")) throw badSpec(`path is ${chosen}. Pass one that ends in .gguf.`, { path: chosen });
  return resolve(chosen);
}

/** The free bytes where a folder is, or will be. */
export async function probeFreeBytes(folder: string): Promise<number> {
  if (!existsSync(folder) && dirname(folder) !== folder) return probeFreeBytes(dirname(folder));
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** What stands before the weights of the planned file. */
export function headerOf(contents: Contents): Buffer {
  return formatHeader(entriesOf(contents), tensorSpecsOf(contents));
}

/**
 * Makes every choice of a synthetic model, and says its size and the room for it, before anything is written.
 * @throws {ModelError} `no-such-preset`, `no-such-vocabulary`, `bad-shape` or `bad-spec`, and as `readGguf` of a vocabulary
 */
export async function planSynthesis(spec: SynthesisSpec): Promise<SynthesisPlan> {
  checkSpec(spec);
  const whole = await readNamed(spec);
  const { layersCount: wholeLayersCount } = whole.shape;
  const vocabulary = spec.vocabulary === undefined ? null : await readVocabulary(spec.vocabulary);
  const cut = narrowed(shortened(whole, spec.depth ?? wholeLayersCount), spec.width ?? 1);
  const { name, fileStem, shape } = worded(cut, vocabulary);
  const path = planPath(spec, fileStem);
  const { quant, randomSeed } = spec;
  const contents = { name: `${name} (synthetic)`, shape, wholeLayersCount, vocabulary, quant, randomSeed };
  const weightsBytes = tensorSpecsOf(contents).reduce((total, tensor) => total + alignUp(tensorBytesOf(tensor)), 0);
  return {
    path,
    ...contents,
    fileBytes: headerOf(contents).length + weightsBytes,
    freeBytes: await probeFreeBytes(dirname(path)),
  };
}
