import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModelError } from "../../sdk/model/errors.ts";
import type { GgufEntry, GgufScalar, GgufValue } from "../../sdk/model/gguf.ts";
import { alignUp } from "../../sdk/model/gguf.ts";
import { readHeader } from "../../sdk/model/header.ts";
import { formatHeader } from "../../sdk/model/headerBytes.ts";
import { tensorTypes } from "../../sdk/model/tensorType.ts";
import { codeOf, entries, ggufBytes, sourceOf, tensor } from "./fixtures.ts";

const int = (bits: number) => fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
const natural = (bits: number) => fc.integer({ min: 0, max: 2 ** bits - 1 });
const notNan = { noNaN: true, noDefaultInfinity: false };

/** A value of every type that metadata can have. */
const scalars: readonly (readonly [GgufEntry["type"], fc.Arbitrary<GgufScalar>])[] = [
  ["uint8", natural(8)],
  ["int8", int(8)],
  ["uint16", natural(16)],
  ["int16", int(16)],
  ["uint32", natural(32)],
  ["int32", int(32)],
  ["float32", fc.float(notNan)],
  ["bool", fc.boolean()],
  ["string", fc.string({ unit: "grapheme" })],
  ["uint64", fc.oneof(fc.maxSafeNat(), fc.bigInt(2n ** 53n, 2n ** 64n - 1n))],
  ["int64", fc.oneof(fc.maxSafeInteger(), fc.bigInt(-(2n ** 63n), -(2n ** 53n)))],
  ["float64", fc.double(notNan)],
];

const entry = fc.string({ minLength: 1 }).chain((key): fc.Arbitrary<GgufEntry> => {
  const one = scalars.map(([type, arbitrary]) => arbitrary.map((value): GgufEntry => ({ key, type, value })));
  const many = scalars.map(([type, arbitrary]) =>
    fc.array(arbitrary).map((items): GgufEntry => ({ key, type, items })),
  );
  return fc.oneof(...one, ...many);
});

/** What reading gives for what was written. */
function readBack({ value, items }: GgufEntry): GgufValue {
  return items === undefined ? value : { count: items.length, items };
}

const anyTensor = fc
  .tuple(
    fc.constantFrom(...tensorTypes.values()),
    fc.integer({ min: 1, max: 4 }),
    fc.array(
      natural(4).map((n) => n + 1),
      { maxLength: 3 },
    ),
  )
  .map(([type, blocks, others]) => ({ type, dimensions: [type.blockWeights * blocks, ...others] }));

describe("reading undoes writing", () => {
  test("for every type of metadata", async () => {
    const list = fc.uniqueArray(entry, { selector: ({ key }) => key, maxLength: 8 });
    const property = fc.asyncProperty(list, async (written) => {
      const { metadata, version } = await readHeader(sourceOf(formatHeader(written, [])));
      expect(version).toBe(3);
      expect([...metadata]).toEqual(written.map((one) => [one.key, readBack(one)]));
    });
    await fc.assert(property, { numRuns: 100 });
  });

  test("for tensors of every type, each beginning at a multiple of 32 bytes", async () => {
    const property = fc.asyncProperty(fc.array(anyTensor, { maxLength: 6 }), async (shapes) => {
      const written = shapes.map((shape, index) => ({ ...shape, name: `t${index}` }));
      const { tensors } = await readHeader(sourceOf(ggufBytes([], written)));
      expect(tensors.map(({ name, dimensions, type }) => ({ name, dimensions, type }))).toEqual(
        written.map(({ name, dimensions, type }) => ({ name, dimensions, type: type.name })),
      );
      for (const [index, { offsetBytes, bytes }] of tensors.entries()) {
        expect(offsetBytes % 32).toBe(0);
        const next = tensors[index + 1];
        if (next !== undefined) expect(next.offsetBytes).toBe(alignUp(offsetBytes + bytes));
      }
    });
    await fc.assert(property, { numRuns: 50 });
  });
});

describe("a header longer than what is read at a time", () => {
  const tokens = Array.from({ length: 200_000 }, (_, index) => `token ${index}`);
  const large = formatHeader(
    [
      { key: "tokens", type: "string", items: tokens },
      { key: "scores", type: "float32", items: tokens.map(() => 1) },
      { key: "template", type: "string", value: "x".repeat(2 ** 21) },
      { key: "after", type: "uint8", value: 7 },
    ],
    [],
  );

  test("is read whole, and long values are counted instead of kept", async () => {
    const { metadata } = await readHeader(sourceOf(large));
    expect(Object.fromEntries(metadata)).toEqual({
      tokens: { count: 200_000, items: null },
      scores: { count: 200_000, items: null },
      template: null,
      after: 7,
    });
  });

  test("is read in pieces of 1 MiB at most", async () => {
    const counts: number[] = [];
    const source = sourceOf(large);
    const read = (offset: number, count: number) => {
      counts.push(count);
      return source.read(offset, count);
    };
    await readHeader({ bytes: large.length, read });
    expect(Math.max(...counts)).toBe(2 ** 20);
  });
});

describe("a file that cannot be read is named for what it is", () => {
  const sound = ggufBytes(entries({ "general.architecture": "llama" }), [tensor("a", [64], "F32")]);
  const readChanged = (change: (bytes: Buffer) => Buffer) => codeOf(readHeader(sourceOf(change(Buffer.from(sound)))));
  const writeText = (text: string) => (bytes: Buffer) =>
    Buffer.concat([Buffer.from(text), bytes.subarray(text.length)]);
  const writeCount = (at: number, count: bigint) => (bytes: Buffer) => {
    bytes.writeBigUInt64LE(count, at);
    return bytes;
  };

  test.for<[string, (bytes: Buffer) => Buffer, string]>([
    ["an empty file", () => Buffer.alloc(0), "not-gguf"],
    ["another format", writeText("GGML"), "not-gguf"],
    ["version 1", writeText("GGUF\x01"), "unsupported-version"],
    ["a big-endian file", writeText("GGUF\0\0\0\x03"), "unsupported-version"],
    ["more tensors than any model has", writeCount(8, 2n ** 63n), "corrupt-header"],
    ["more keys than any model has", writeCount(16, 2n ** 40n), "corrupt-header"],
    ["more tensors than there are", writeCount(8, 3n), "corrupt-header"],
    ["a name of 2^60 bytes", writeCount(24, 2n ** 60n), "corrupt-header"],
    ["a name beyond the end", writeCount(24, 60_000n), "truncated"],
    ["weights cut off", (bytes) => bytes.subarray(0, -1), "truncated"],
  ])("%s", async ([, change, code]) => {
    expect(await readChanged(change)).toBe(code);
  });

  test("every cut within the header is a truncated file", async () => {
    for (let length = 8; length < formatHeader(entries({ a: "b" }), []).length; length++) {
      expect(await readChanged((bytes) => bytes.subarray(0, length))).toBe("truncated");
    }
  });

  test("a key that stands twice", async () => {
    const twice = formatHeader([...entries({ a: 1 }), ...entries({ a: 2 })], []);
    expect(await codeOf(readHeader(sourceOf(twice)))).toBe("corrupt-header");
  });

  test("a tensor that stands twice", async () => {
    const twice = ggufBytes([], [tensor("a", [4], "F32"), tensor("a", [4], "F32")]);
    expect(await codeOf(readHeader(sourceOf(twice)))).toBe("corrupt-header");
  });

  test("rows that are not whole blocks", async () => {
    const bytes = ggufBytes([], [{ name: "a", dimensions: [48], type: tensor("", [], "Q4_0").type }]);
    expect(await codeOf(readHeader(sourceOf(bytes)))).toBe("corrupt-header");
  });

  test("a tensor type that ggml does not have", async () => {
    const bytes = ggufBytes(
      [],
      [{ name: "a", dimensions: [64], type: { id: 31, name: "", blockWeights: 32, blockBytes: 18 } }],
    );
    expect(await codeOf(readHeader(sourceOf(bytes)))).toBe("unsupported-tensor-type");
  });

  test("an alignment that is no power of two, which is not written either", async () => {
    expect(() => formatHeader(entries({ "general.alignment": 24 }), [])).toThrow(ModelError);
    const bytes = formatHeader(entries({ "general.alignment": 32 }), []);
    bytes[bytes.indexOf("alignment") + "alignment".length + 4] = 24;
    expect(await codeOf(readHeader(sourceOf(bytes)))).toBe("corrupt-header");
  });

  test("arrays too deep in each other", async () => {
    const array = (inner: Buffer, type: number) =>
      Buffer.concat([Buffer.from([type, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]), inner]);
    const key = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0, 97, 9, 0, 0, 0]);
    const nested = (depth: number): Buffer => (depth === 0 ? array(Buffer.from([5]), 0) : array(nested(depth - 1), 9));
    const file = (depth: number) => {
      const head = formatHeader([], []).subarray(0, 24);
      head.writeBigUInt64LE(1n, 16);
      return Buffer.concat([head, key, nested(depth), Buffer.alloc(64)]);
    };
    expect((await readHeader(sourceOf(file(3)))).metadata.get("a")).toEqual({ count: 1, items: null });
    expect(await codeOf(readHeader(sourceOf(file(4))))).toBe("corrupt-header");
  });
});

test("files of version 2 are read like those of version 3", async () => {
  const bytes = ggufBytes(entries({ a: 1 }), [tensor("w", [32], "Q8_0")]);
  bytes.writeUInt32LE(2, 4);
  const { version, tensors } = await readHeader(sourceOf(bytes));
  expect([version, tensors.length]).toEqual([2, 1]);
});

test("weights begin at the alignment that the file states", async () => {
  const header = formatHeader(entries({ "general.alignment": 4096 }), [tensor("w", [64], "F32")]);
  const { tensors } = await readHeader(sourceOf(Buffer.concat([header, Buffer.alloc(8192)])));
  expect(tensors[0]!.offsetBytes).toBe(4096);
});
