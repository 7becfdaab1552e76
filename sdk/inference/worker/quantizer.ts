import { type ImportanceMatrix, readImportanceMatrix } from "../../model/index.ts";
import { answer } from "./answer.ts";
import type { Params } from "./native.ts";

// The process that quantizes one file, or plans to. What llama.cpp says of it goes to the standard error.

/** One quantization, with every choice made. */
export interface QuantizerTask {
  readonly librariesFolder: string;
  readonly sourcePath: string;
  readonly targetPath: string;
  /** As `general.file_type` numbers it. */
  readonly fileTypeId: number;
  readonly threadsCount: number;
  readonly overrides: readonly { readonly pattern: string; readonly typeId: number }[];
  readonly importanceMatrixPath: string | null;
  readonly isForced: boolean;
  /** Only says what each tensor would become. */
  readonly isDryRun: boolean;
}

/** How one key of metadata is given to the quantizer: its type, its name, its value (llama_model_kv_override). */
const keyLayout = { bytes: 264, nameAt: 4, valueAt: 136, textBytes: 128, numberType: 0, textType: 3 };

function keyBytesOf(name: string, value: string | number): Buffer {
  const { bytes, nameAt, valueAt, textBytes, numberType, textType } = keyLayout;
  const key = Buffer.alloc(bytes);
  key.writeInt32LE(typeof value === "string" ? textType : numberType);
  key.write(name, nameAt);
  if (typeof value === "string") key.write(value, valueAt, textBytes - 1);
  else key.writeBigInt64LE(BigInt(value), valueAt);
  return key;
}

/** The metadata that llama-quantize adds to say which importance matrix was used. */
function keysOf({ path, dataset, weights, chunksCount }: ImportanceMatrix): Buffer {
  return Buffer.concat([
    keyBytesOf("quantize.imatrix.file", path),
    ...(dataset === null ? [] : [keyBytesOf("quantize.imatrix.dataset", dataset)]),
    keyBytesOf("quantize.imatrix.entries_count", weights.size),
    ...(chunksCount > 0 ? [keyBytesOf("quantize.imatrix.chunks_count", chunksCount)] : []),
    Buffer.alloc(keyLayout.bytes),
  ]);
}

async function importanceParams(path: string | null): Promise<Params> {
  if (path === null) return {};
  const matrix = await readImportanceMatrix(path);
  const weights = [...matrix.weights].map(([name, data]) => ({ name, data, size: data.length }));
  return { kv_overrides: keysOf(matrix), imatrix: [...weights, { name: null, data: null, size: 0 }] };
}

function overrideParams(overrides: QuantizerTask["overrides"], noTensorType: number): Params {
  if (overrides.length === 0) return {};
  const list = overrides.map(({ pattern, typeId }) => ({ pattern, type: typeId }));
  return { tt_overrides: [...list, { pattern: null, type: noTensorType }] };
}

async function quantize(task: QuantizerTask): Promise<number> {
  const importance = await importanceParams(task.importanceMatrixPath);
  const { noTensorType, openQuantizer } = await import("./quantizeCalls.ts");
  const library = openQuantizer(task.librariesFolder);
  library.llama_backend_init();
  return library.llama_model_quantize(task.sourcePath, task.targetPath, {
    ...library.llama_model_quantize_default_params(),
    ...importance,
    ...overrideParams(task.overrides, noTensorType),
    nthread: task.threadsCount,
    ftype: task.fileTypeId,
    allow_requantize: task.isForced,
    dry_run: task.isDryRun,
  });
}

void answer(quantize);
