import type { Readable } from "node:stream";

// A message between two processes: the number of bytes attached, a space, a line of JSON, and then those bytes. Arrays of
// bytes anywhere in the message are attached, so that they are neither spelled out nor encoded.

/** What stands in the JSON for an array of bytes. */
interface Attachment {
  readonly attachedBytes: number;
}

/** Attached arrays begin at multiples of this, so that numbers of any size can be read in place. */
const alignment = 8;

const alignedBytesOf = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** A Buffer as plain bytes: asked for its JSON, it would spell itself out, in many times its size. */
function plain(value: unknown): unknown {
  return Buffer.isBuffer(value) ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : value;
}

/** The same value with no Buffer directly in it. */
function withoutBuffers(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !Object.values(value).some((one) => Buffer.isBuffer(one)))
    return value;
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}

/** The pieces of a message, in the order in which they are to be written. */
export function piecesOf(message: unknown): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let attachedBytes = 0;
  const json = JSON.stringify(plain(message), (_, value: unknown) => {
    if (!(value instanceof Uint8Array)) return withoutBuffers(value);
    const bytes = alignedBytesOf(value.byteLength);
    attachedBytes += bytes;
    pieces.push(value, new Uint8Array(bytes - value.byteLength));
    return { attachedBytes: value.byteLength } satisfies Attachment;
  });
  return [Buffer.from(`${attachedBytes} ${json}\n`), ...pieces];
}

/** The message in a line and the bytes that came after it. */
function messageOf(json: string, attached: Uint8Array): unknown {
  if (attached.byteLength === 0 && !json.includes('"attachedBytes"')) return JSON.parse(json) as unknown;
  let offset = 0;
  return JSON.parse(json, (_, value: unknown) => {
    if (typeof value !== "object" || value === null || !("attachedBytes" in value)) return value;
    const { attachedBytes } = value as Attachment;
    const bytes = attached.subarray(offset, offset + attachedBytes);
    offset += alignedBytesOf(attachedBytes);
    return bytes;
  }) as unknown;
}

/** Reads a stream in lines and counted bytes; each gives null at its end. */
function openBytes(stream: Readable) {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  let rest: Buffer = Buffer.alloc(0);
  const readOn = async (): Promise<boolean> => {
    const { value } = await chunks.next();
    rest = value ?? Buffer.alloc(0);
    return value !== undefined;
  };
  return {
    async readLine(): Promise<string | null> {
      const parts: Buffer[] = [];
      for (;;) {
        const end = rest.indexOf("\n");
        parts.push(end === -1 ? rest : rest.subarray(0, end));
        if (end !== -1) break;
        if (!(await readOn())) return null;
      }
      rest = rest.subarray(rest.indexOf("\n") + 1);
      return Buffer.concat(parts).toString();
    },
    async read(count: number): Promise<Uint8Array | null> {
      const bytes = new Uint8Array(Buffer.allocUnsafeSlow(count).buffer);
      for (let offset = 0; ;) {
        const taken = rest.copy(bytes, offset);
        rest = rest.subarray(taken);
        offset += taken;
        if (offset === count) return bytes;
        if (!(await readOn())) return null;
      }
    },
  };
}

/** Gives the messages that arrive in `stream`, up to its end. */
export async function* readMessages(stream: Readable): AsyncGenerator<unknown, undefined, undefined> {
  const bytes = openBytes(stream);
  for (let line = await bytes.readLine(); line !== null; line = await bytes.readLine()) {
    const jsonAt = line.indexOf(" ") + 1;
    const attached = await bytes.read(Number(line.slice(0, jsonAt)));
    if (attached === null) return;
    yield messageOf(line.slice(jsonAt), attached);
  }
}
