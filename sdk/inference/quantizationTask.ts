import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { InstancePlan } from "../launch/index.ts";
import {
  type FileType,
  fileTypeOf,
  type ImportanceMatrix,
  type Model,
  ModelError,
  modelNameOf,
  readImportanceMatrix,
  tensorTypeOf,
} from "../model/index.ts";
import { EngineError } from "./errors.ts";
import { findEngineLibraries } from "./libraries.ts";
import { assertKnownLibrary } from "./worker/guards.ts";
import type { QuantizerTask } from "./worker/quantizer.ts";

/** A storage format for the tensors whose name a regular expression finds. */
export interface TensorOverride {
  readonly pattern: string;
  readonly type: string;
}

/** What a caller may say about a quantization. */
export interface QuantizationSpec {
  readonly path: string;
  /** The mix, as llama-quantize calls it: `Q4_K_M`. */
  readonly quant: string;
  /** Default: beside the original, under its name with the mix. */
  readonly outputPath?: string;
  /** Default: as many as a launch of one instance gets. */
  readonly threadsCount?: number;
  /** The first that fits a tensor decides. */
  readonly overrides?: readonly TensorOverride[];
  /** A file that llama-imatrix wrote, in GGUF format. */
  readonly importanceMatrixPath?: string;
  /** Whether a file that is quantized already may be quantized again, which loses more than once from the original. */
  readonly isForced?: boolean;
  /** Default: the libraries that node-llama-cpp installed. */
  readonly librariesFolder?: string;
}

/** The ending of a name that says in which float format the weights are. */
const floatWord = /([-._])(?:bf16|f16|f32|fp16|fp32)(?=[-._]|$)/i;

function planOutputPath({ path, outputPath }: QuantizationSpec, { label }: FileType): string {
  const stem = modelNameOf(path);
  const word = label.toLowerCase();
  const named = floatWord.test(stem) ? stem.replace(floatWord, `$1${word}`) : `${stem}-${word}`;
  const chosen = resolve(outputPath ?? join(dirname(path), `${named}.gguf`));
  if (!chosen.endsWith(".gguf")) {
    const message = `The output is ${chosen}. Pass a path that ends in .gguf.`;
    throw new ModelError("bad-spec", message, { facts: { path: chosen } });
  }
  if (existsSync(chosen)) {
    const message = `${chosen} exists. Remove it, or choose another path.`;
    throw new ModelError("path-taken", message, { facts: { path: chosen } });
  }
  return chosen;
}

/** Formats that the quantizer computes from weights; the others are for results in between, or for integers. */
const isWritable = (type: string): boolean => !/^(Q8_1|Q8_K|[IF]64|I\d+)$/.test(type);

function expressionOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (cause) {
    throw new ModelError("bad-spec", `${pattern} is no regular expression. Pass one for names of tensors.`, { cause });
  }
}

function overrideOf({ pattern, type }: TensorOverride, { path, tensors }: Model): QuantizerTask["overrides"][number] {
  const { id, name } = tensorTypeOf(type);
  if (!isWritable(name)) {
    throw new ModelError("bad-spec", `Weights cannot be stored as ${name}. Pass another format for ${pattern}.`);
  }
  const expression = expressionOf(pattern);
  if (tensors.some((tensor) => expression.test(tensor.name))) return { pattern, typeId: id };
  throw new ModelError(
    "bad-spec",
    `No tensor of ${path} has a name like ${pattern}. Pass one that finds some, such as ${tensors[0]?.name ?? "none"}.`,
  );
}

/** In a mix of floats the library would not heed them. */
function overridesOf({ overrides = [] }: QuantizationSpec, { label }: FileType, source: Model) {
  if (overrides.length === 0 || !/^(F32|F16|BF16)$/.test(label)) return overrides.map((one) => overrideOf(one, source));
  throw new ModelError("bad-spec", `In ${label} all tensors have one format. Pass no overrides, or a quantized mix.`);
}

function assertNotQuantized({ path, tensors }: Model): void {
  const packed = tensors.filter(({ type }) => tensorTypeOf(type).blockWeights > 1);
  const [first] = packed;
  if (first === undefined) return;
  throw new EngineError(
    "already-quantized",
    `${path} is quantized already: ${packed.length} of its ${tensors.length} tensors, such as ${first.name} in ${first.type}. ` +
      "Quantize the original in F16, BF16 or F32, or force it, which loses more.",
    { facts: { path, packedCount: packed.length, name: first.name, type: first.type } },
  );
}

/** For the embedding table, of which a token looks up one row, llama.cpp passes over a matrix of another shape. */
function assertFits({ path, weights }: ImportanceMatrix, { tensors }: Model): void {
  const known = tensors.filter(({ name }) => weights.has(name) && name !== "token_embd.weight");
  const misfit = known.find(({ name, dimensions: [inputs = 0, , experts = 1] }) => {
    return weights.get(name)?.length !== inputs * experts;
  });
  if (known.length > 0 && misfit === undefined) return;
  const found = misfit === undefined ? "has no tensor of" : `has another shape for ${misfit.name} than`;
  const message = `${path} ${found} this model. Pass an importance matrix that was measured on it.`;
  throw new ModelError("not-an-importance-matrix", message, { facts: { path, name: misfit?.name ?? null } });
}

/**
 * The task of the process that quantizes `source`, once all that can be refused here is refused.
 * @throws as `planQuantization`
 */
export async function planQuantizerTask(
  spec: QuantizationSpec,
  source: Model,
  { threadsCount }: InstancePlan,
): Promise<QuantizerTask> {
  const fileType = fileTypeOf(spec.quant);
  const overrides = overridesOf(spec, fileType, source);
  if (spec.isForced !== true) assertNotQuantized(source);
  if (spec.importanceMatrixPath !== undefined)
    assertFits(await readImportanceMatrix(spec.importanceMatrixPath), source);
  const librariesFolder = spec.librariesFolder ?? findEngineLibraries().folder;
  assertKnownLibrary(librariesFolder);
  return {
    librariesFolder,
    sourcePath: spec.path,
    targetPath: planOutputPath(spec, fileType),
    fileTypeId: fileType.id,
    threadsCount,
    overrides,
    importanceMatrixPath: spec.importanceMatrixPath ?? null,
    isForced: spec.isForced ?? false,
    isDryRun: false,
  };
}
