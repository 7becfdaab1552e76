import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ModelError } from "./errors.ts";
import { alignUp, type GgufEntry, type StoredEntry } from "./gguf.ts";
import { chosenAlignmentOf, formatHeader } from "./headerBytes.ts";
import type { PartialFile } from "./partialFile.ts";
import type { TensorSource } from "./tensorSource.ts";
import { tensorBytesOf } from "./tensorType.ts";
import { assertGoesOn, writeModelFile } from "./writing.ts";

/** What a GGUF file is to hold. */
export interface GgufContents {
  readonly metadata: readonly (GgufEntry | StoredEntry)[];
  readonly tensors: readonly TensorSource[];
}

/** Where a model goes, and how to stop it and watch it. */
export interface ModelTarget {
  readonly path: string;
  /** Whether a file that is there is replaced, at once when the new one is whole. Default false: it is refused. */
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly writtenBytes: number; readonly totalBytes: number }) => void;
}

/**
 * Nothing when a model may be written there.
 * @throws {ModelError} `path-taken` or `bad-spec`
 */
export function checkTarget({ path, overwrite = false }: ModelTarget): void {
  if (!path.endsWith(".gguf")) {
    throw new ModelError("bad-spec", `path is ${path}. Pass one that ends in .gguf.`, { facts: { path } });
  }
  if (overwrite || !existsSync(path)) return;
  const message = `${path} is there already. Choose another path, or ask for it to be replaced.`;
  throw new ModelError("path-taken", message, { facts: { path } });
}

/** Appends the bytes of a tensor, which must be as many as its dimensions tell. */
async function appendTensor(file: PartialFile, tensor: TensorSource, onWritten: (bytes: number) => void) {
  const neededBytes = tensorBytesOf(tensor);
  let bytes = 0;
  for await (const chunk of tensor.chunks()) {
    bytes += chunk.length;
    await file.append(chunk);
    onWritten(chunk.length);
  }
  if (bytes === neededBytes) return;
  const found = `Tensor ${tensor.name} of ${tensor.dimensions.join(" × ")} in ${tensor.type.name} needs ${neededBytes} bytes`;
  const message = `${found}, and ${bytes} were given. Pass as many.`;
  throw new ModelError("bad-spec", message, { facts: { name: tensor.name, neededBytes, bytes } });
}

/** Names the tensors that no file can hold twice. */
function checkNames({ metadata, tensors }: GgufContents): void {
  for (const names of [metadata.map(({ key }) => key), tensors.map(({ name }) => name)]) {
    const twice = names.find((name, at) => names.indexOf(name) !== at);
    if (twice !== undefined) {
      throw new ModelError("bad-spec", `${twice} is given twice. Pass it once.`, { facts: { twice } });
    }
  }
}

/**
 * Writes a GGUF file of version 3, which appears under its name when it is whole.
 * @throws {ModelError} `bad-spec` or `path-taken`; `not-enough-space`, `disk-full`, `unwritable-folder`,
 * `already-writing` or `aborted`, and then nothing is left behind
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export async function writeGguf(contents: GgufContents, target: ModelTarget): Promise<void> {
  checkTarget(target);
  checkNames(contents);
  const { metadata, tensors } = contents;
  const header = formatHeader(metadata, tensors);
  const alignmentBytes = chosenAlignmentOf(metadata);
  const paddingBytesOf = (bytes: number) => alignUp(bytes, alignmentBytes) - bytes;
  const weightsBytes = tensors.map(tensorBytesOf).reduce((total, bytes) => total + alignUp(bytes, alignmentBytes), 0);
  const totalBytes = header.length + weightsBytes;
  const path = resolve(target.path);
  await writeModelFile({ path, fileBytes: totalBytes, signal: target.signal }, async (file) => {
    let writtenBytes = header.length;
    await file.append(header);
    for (const tensor of tensors) {
      await appendTensor(file, tensor, (bytes) => {
        assertGoesOn(target.signal, path);
        writtenBytes += bytes;
        target.onProgress?.({ writtenBytes, totalBytes });
      });
      await file.append(Buffer.alloc(paddingBytesOf(tensorBytesOf(tensor))));
    }
  });
}
