import fc from "fast-check";
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { messageOf, type JsonObject, type Message } from "../../../../kernels/typescript/protocol/messages.ts";
import { decode, encode } from "../../../../kernels/typescript/protocol/wire.ts";

const draft = { type: "execute_request", content: { code: "1 + 1" }, identities: [Buffer.from("someone")] };
const bytesOf = (frames: readonly Uint8Array[]) => frames.map((frame) => Buffer.from(frame));
const textsOf = (frames: readonly Uint8Array[]) => frames.map((frame) => Buffer.from(frame).toString());

function withPart(index: number, part: Uint8Array, key: string): Uint8Array[] {
  const frames = encode(messageOf(draft), key);
  frames[3 + index] = part;
  const hmac = createHmac("sha256", key);
  for (const signed of frames.slice(3)) hmac.update(signed);
  frames[2] = Buffer.from(hmac.digest("hex"));
  return frames;
}

test("a message that is encoded and decoded is the same", () => {
  const object = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>;
  fc.assert(
    fc.property(object, object, fc.string(), (content, metadata, key) => {
      const parent = messageOf(draft).header;
      const message = messageOf({ ...draft, content, metadata, parent });
      const wanted = JSON.parse(JSON.stringify(message)) as Message;
      const read = JSON.parse(JSON.stringify(decode(bytesOf(encode(message, key)), key))) as Message;
      expect(read).toEqual(wanted);
    }),
  );
});

test("frames are the identities, a delimiter, the signature and four parts", () => {
  const [identity, delimiter, signature, ...parts] = textsOf(encode(messageOf(draft), "secret"));
  expect([identity, delimiter]).toEqual(["someone", "<IDS|MSG>"]);
  const hmac = createHmac("sha256", "secret");
  for (const part of parts) hmac.update(part);
  expect(signature).toBe(hmac.digest("hex"));
  expect(parts.slice(1)).toEqual(["{}", "{}", '{"code":"1 + 1"}']);
});

test("an empty key signs nothing", () => {
  expect(textsOf(encode(messageOf(draft), ""))[2]).toBe("");
});

test("a message of another key is refused", () => {
  const frames = encode(messageOf(draft), "theirs");
  expect(() => decode(frames, "ours")).toThrow(expect.objectContaining({ code: "signature-wrong" }));
  expect(() => decode(encode(messageOf(draft), ""), "ours")).toThrow(
    expect.objectContaining({ code: "signature-wrong" }),
  );
});

test.for([
  ["no frames", []],
  ["no delimiter", [Buffer.from("a"), Buffer.from("b")]],
  ["nothing behind the delimiter", [Buffer.from("<IDS|MSG>")]],
  ["a missing part", bytesOf(encode(messageOf(draft), "key")).slice(0, -1)],
  ["invalid UTF-8", withPart(3, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), "key")],
  ["malformed JSON", withPart(3, Buffer.from("{"), "key")],
  ["content that is no object", withPart(3, Buffer.from("[]"), "key")],
  ["a header without a type", withPart(0, Buffer.from('{"msg_id":"1"}'), "key")],
] as const)("%s is refused as malformed", ([, frames]) => {
  expect(() => decode(frames, "key")).toThrow(expect.objectContaining({ code: "message-malformed" }));
});

test("half a surrogate pair is replaced, because Python cannot save it", () => {
  const content = { half: "a\ud83d", whole: "😀", escaped: "\\ud83d" };
  const json = textsOf(encode(messageOf({ ...draft, content }), "")).at(-1)!;
  expect(JSON.parse(json)).toEqual({ half: "a\uFFFD", whole: "😀", escaped: "\\ud83d" });
  expect(json).not.toMatch(/[^\\]\\ud83d/);
});
