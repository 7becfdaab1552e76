import { cacheBytesOf, cacheShapeOf } from "./cache.ts";
import type { FileHeader } from "./file.ts";
import { fileTypeLabels } from "./fileType.ts";
import { hyperparametersOf } from "./hyperparameters.ts";
import type { Model, TensorInfo } from "./model.ts";
import { modelNameOf, readWholeHeader } from "./shards.ts";
import { bytesPerTokenOf } from "./sizes.ts";
import { weightsCountOf } from "./tensorType.ts";

/** Set by llama.cpp beside a file type that it guessed. */
const guessedFlag = 1024;

/** The type that most bytes are stored in. */
function dominantTypeOf(tensors: readonly TensorInfo[]): string | null {
  const bytes = new Map<string, number>();
  for (const tensor of tensors) bytes.set(tensor.type, (bytes.get(tensor.type) ?? 0) + tensor.bytes);
  const [largest] = [...bytes].sort(([, left], [, right]) => right - left);
  return largest?.[0] ?? null;
}

function quantOf({ metadata, tensors }: FileHeader): string | null {
  const fileType = metadata.get("general.file_type");
  const label = typeof fileType === "number" ? fileTypeLabels[fileType & ~guessedFlag] : undefined;
  return label ?? dominantTypeOf(tensors);
}

function nameOf({ metadata, path }: FileHeader): string {
  const name = metadata.get("general.name");
  return typeof name === "string" && name !== "" ? name : modelNameOf(path);
}

function wholeLayersCountOf({ metadata }: FileHeader): number | null {
  const count = metadata.get("numalab.whole_layers_count");
  return typeof count === "number" ? count : null;
}

/**
 * What the header of a model says.
 * @throws {ModelError} `corrupt-header`, `not-a-language-model` or `vocabulary-mismatch`
 */
export function modelOf(header: FileHeader): Model {
  const { path, tensors, fileBytes } = header;
  const shape = hyperparametersOf(header);
  const { architecture, layersCount, hiddenSize, attention, vocabularyCount, contextTokensCount } = shape;
  return {
    path,
    name: nameOf(header),
    architecture,
    quant: quantOf(header),
    synthetic: header.metadata.get("numalab.synthetic") === true,
    fileBytes,
    parametersCount: tensors.reduce((total, tensor) => total + weightsCountOf(tensor.dimensions), 0),
    layersCount,
    wholeLayersCount: wholeLayersCountOf(header) ?? layersCount,
    hiddenSize,
    headsCount: Math.max(0, ...attention.headsCounts),
    kvHeadsCount: Math.max(0, ...attention.kvHeadsCounts),
    headSize: attention.keySize,
    vocabularyCount,
    contextTokensCount,
    bytesPerToken: bytesPerTokenOf(tensors, shape),
    kvBytesPerToken: cacheBytesOf(cacheShapeOf(header, shape), "f16") ?? 0,
    tensors,
  };
}

/**
 * Reads what a model file holds from its header, whatever its size; of a split model, from all its files.
 * @throws {ModelError} `unreadable`, `not-gguf`, `unsupported-version`, `unsupported-tensor-type`, `truncated`,
 * `corrupt-header`, `not-a-language-model`, `vocabulary-mismatch` or `missing-shard`
 */
export async function readModel(path: string): Promise<Model> {
  return modelOf(await readWholeHeader(path));
}
