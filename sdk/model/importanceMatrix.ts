import { open } from "node:fs/promises";
import { ModelError } from "./errors.ts";
import { type FileHeader, readFileHeader } from "./file.ts";
import type { TensorInfo } from "./model.ts";

/** How much each input of each tensor matters, measured on text by llama-imatrix. */
export interface ImportanceMatrix {
  readonly path: string;
  /** The first text file that it was measured on; null when none is named. */
  readonly dataset: string | null;
  readonly chunksCount: number;
  /** By tensor: the mean square of each input, for each expert in turn. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

const endings = { sums: ".in_sum2", counts: ".counts" };

function refused(path: string, found: string): ModelError {
  const message = `${path} ${found}. Pass a file that llama-imatrix wrote in GGUF format; it also converts older ones.`;
  return new ModelError("not-an-importance-matrix", message, { facts: { path } });
}

function metadataOf({ path, metadata }: FileHeader): Pick<ImportanceMatrix, "dataset" | "chunksCount"> {
  const datasets = metadata.get("imatrix.datasets");
  const chunksCount = metadata.get("imatrix.chunk_count");
  if (typeof chunksCount !== "number" || typeof datasets !== "object" || !metadata.has("imatrix.chunk_size")) {
    throw refused(path, "does not say how an importance matrix was measured");
  }
  const [dataset = null] = datasets?.items ?? [];
  return { dataset: dataset === null ? null : String(dataset), chunksCount };
}

/** Reads the numbers of one tensor. */
type ReadNumbers = (tensor: TensorInfo) => Promise<Float32Array>;

/** The sum over the tokens, over their number; where an expert saw none, all its inputs count the same. */
function meansOf(sums: Float32Array, counts: Float32Array): Float32Array {
  const inputsCount = sums.length / counts.length;
  return sums.map((sum, at) => {
    const count = Math.round(counts[Math.floor(at / inputsCount)] ?? 0);
    return count > 0 ? sum / count : 1;
  });
}

async function readWeights({ path, tensors }: FileHeader, read: ReadNumbers): Promise<Map<string, Float32Array>> {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const weights = new Map<string, Float32Array>();
  for (const sums of tensors.filter(({ name }) => name.endsWith(endings.sums))) {
    const name = sums.name.slice(0, -endings.sums.length);
    const counts = byName.get(`${name}${endings.counts}`);
    if (counts?.type !== "F32" || sums.type !== "F32")
      throw refused(path, `has no sums with counts in F32 for ${name}`);
    weights.set(name, meansOf(await read(sums), await read(counts)));
  }
  if (weights.size === 0) throw refused(path, "holds no sums of inputs");
  return weights;
}

/**
 * Reads an importance matrix, as llama-quantize does.
 * @throws {ModelError} `not-an-importance-matrix`, and as reading any GGUF file
 * @see https://github.com/ggml-org/llama.cpp/blob/master/tools/imatrix/README.md
 */
export async function readImportanceMatrix(path: string): Promise<ImportanceMatrix> {
  const header = await readFileHeader(path);
  const facts = metadataOf(header);
  await using handle = await open(path);
  const weights = await readWeights(header, async ({ offsetBytes, bytes }) => {
    const { buffer } = await handle.read(Buffer.alloc(bytes), 0, bytes, offsetBytes);
    return new Float32Array(buffer.buffer, buffer.byteOffset, bytes / 4);
  });
  return { path, ...facts, weights };
}
