/** Bytes written one after another. */
export interface ByteWriter {
  /** Larger than what is written. */
  buffer: Buffer;
  length: number;
}

/** An empty writer. */
export function byteWriter(): ByteWriter {
  return { buffer: Buffer.alloc(2 ** 16), length: 0 };
}

/** Makes room for so many bytes more, zeros until written, and says where they begin. */
export function extend(writer: ByteWriter, count: number): number {
  const at = writer.length;
  writer.length += count;
  if (writer.length > writer.buffer.length) {
    const larger = Buffer.alloc(Math.max(writer.length, 2 * writer.buffer.length));
    writer.buffer.copy(larger);
    writer.buffer = larger;
  }
  return at;
}
