import { open } from "node:fs/promises";
import { ModelError } from "./errors.ts";
import type { TensorSpec } from "./gguf.ts";
import type { StoredTensor } from "./storedModel.ts";
import { tensorTypeOf } from "./tensorType.ts";

/** One tensor to be written, with where its bytes come from, in pieces, so that memory stays small. */
export interface TensorSource extends TensorSpec {
  readonly chunks: () => Iterable<Buffer> | AsyncIterable<Buffer>;
}

const chunkBytes = 2 ** 22;

/** The bytes of a stored tensor in turn, in pieces of so many at most. */
export async function* readChunks(tensor: StoredTensor, pieceBytes: number = chunkBytes): AsyncGenerator<Buffer> {
  const { path, name, offsetBytes, bytes } = tensor;
  await using handle = await open(path);
  for (let done = 0; done < bytes; done += pieceBytes) {
    const count = Math.min(pieceBytes, bytes - done);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(count), 0, count, offsetBytes + done);
    if (bytesRead < count) {
      const message = `${path} became shorter while ${name} was read. Try again when it is whole.`;
      throw new ModelError("truncated", message, { facts: { path, name } });
    }
    yield buffer;
  }
}

/** A tensor to be written as another file has it. */
export function copyOf(tensor: StoredTensor): TensorSource {
  const { name, dimensions, type } = tensor;
  return { name, dimensions, type: tensorTypeOf(type), chunks: () => readChunks(tensor) };
}
