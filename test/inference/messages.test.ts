import { PassThrough } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { piecesOf, readMessages } from "../../sdk/inference/messages.ts";

/** What arrives when the messages are written, and cut anywhere on the way. */
async function arrivalOf(messages: readonly unknown[], chunkBytes: number): Promise<unknown[]> {
  const written = Buffer.concat(messages.flatMap(piecesOf));
  const stream = new PassThrough();
  for (let at = 0; at < written.length; at += chunkBytes) stream.write(written.subarray(at, at + chunkBytes));
  stream.end();
  const arrived: unknown[] = [];
  for await (const message of readMessages(stream)) arrived.push(message);
  return arrived;
}

test("messages arrive as they were sent, however they are cut on the way", async () => {
  const bytes = fc.uint8Array({ maxLength: 40 }).map((array) => new Uint8Array(array));
  const message = fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.oneof(bytes, fc.jsonValue(), fc.array(bytes)));
  await fc.assert(
    fc.asyncProperty(fc.array(message), fc.integer({ min: 1, max: 50 }), async (messages, chunkBytes) => {
      const sent = JSON.parse(JSON.stringify(messages.map(spell))) as unknown;
      expect((await arrivalOf(messages, chunkBytes)).map(spell)).toEqual(sent);
    }),
  );
});

/** The same with arrays of bytes as text, so that they can be compared. */
function spell(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return value.map(spell);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, spell(member)]));
}

test("a Buffer travels as bytes, and arrives where numbers of eight bytes can be read in place", async () => {
  const [message] = await arrivalOf([{ first: Buffer.from([1, 2, 3]), second: new Uint8Array([4, 5]) }], 7);
  const { first, second } = message as { first: Uint8Array; second: Uint8Array };
  expect([...first]).toEqual([1, 2, 3]);
  expect([...second]).toEqual([4, 5]);
  expect(second.byteOffset % 8).toBe(0);
});

test("a message that is cut off by the end of its stream is none", async () => {
  const stream = new PassThrough();
  stream.end(Buffer.concat(piecesOf({ data: new Uint8Array(100) })).subarray(0, 60));
  expect((await readMessages(stream).next()).done).toBe(true);
});

test("no Buffer is spelled out, wherever it stands", async () => {
  const createBuffer = (): Buffer =>
    Object.assign(Buffer.from([1, 2, 3]), {
      toJSON(): never {
        throw new Error("spelled out");
      },
    });
  const [buffer, ...others] = [createBuffer(), createBuffer(), createBuffer()];
  const message = { one: { deep: buffer }, list: [0, ...others] };
  const sent = { one: { deep: "bytes 010203" }, list: [0, "bytes 010203", "bytes 010203"] };
  expect((await arrivalOf([message, createBuffer()], 5)).map(spell)).toEqual([sent, "bytes 010203"]);
});
