import fc from "fast-check";
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decodeOnnx } from "../../sdk/onnx/decoding.ts";
import { encodeOnnx, piecesOf } from "../../sdk/onnx/encoding.ts";
import { OnnxError } from "../../sdk/onnx/errors.ts";
import { readOnnx } from "../../sdk/onnx/reading.ts";
import { encodeMessage } from "../../sdk/onnx/schema.ts";
import { writeOnnx } from "../../sdk/onnx/writing.ts";
import { codeOf, smallGraph, temporaryFolder } from "./fixtures.ts";

/** A file of what other programs write; `graph` as the schema names its fields. */
function modelBytes(graph: Readonly<Record<string, unknown>>): Uint8Array {
  return encodeMessage("Model", { operatorSets: [{ domain: "", version: 17 }], graph });
}

function codeOfDecoding(bytes: Uint8Array): unknown {
  try {
    return decodeOnnx(bytes);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

/** A graph whose one large weight lies at this place. */
function externalGraph(location: string, offsetBytes = 0): Uint8Array {
  return Buffer.concat(piecesOf(smallGraph(), new Map([["matrix", { location, offsetBytes, bytes: 2048 }]])));
}

describe("what other programs write is read", () => {
  test("elements in lists instead of bytes", () => {
    const weights = [
      { name: "a", type: 1, dimensions: [2], floats: [0.5, -1] },
      { name: "b", type: 7, dimensions: [], int64s: [2] },
      { name: "c", type: 3, dimensions: [2], int32s: [-1, 127] },
      { name: "d", type: 10, dimensions: [1], int32s: [15_360] },
      { name: "e", type: 11, dimensions: [1], doubles: [1.5] },
      { name: "f", type: 12, dimensions: [1], uint64s: [7] },
    ];
    const bytes = decodeOnnx(modelBytes({ weights })).weights.map(({ data }) => Buffer.from(data).toString("hex"));
    expect(bytes).toEqual(["0000003f000080bf", "0200000000000000", "ff7f", "003c", "000000000000f83f", "07000000"]);
  });

  test("weights that are listed among the inputs", () => {
    const type = { tensor: { elementType: 1, shape: { dimensions: [{ size: 1 }, {}, { name: "rows" }] } } };
    const weights = [{ name: "w", type: 1, dimensions: [1], floats: [1] }];
    const { inputs } = decodeOnnx(modelBytes({ weights, inputs: ["x", "w"].map((name) => ({ name, type })) }));
    expect(inputs).toEqual([{ name: "x", type: "float32", dimensions: [1, "?", "rows"] }]);
  });
});

describe("what cannot be used is refused", () => {
  test.for<readonly [code: string, found: string, bytes: Uint8Array]>([
    ["not-onnx", "nothing", new Uint8Array()],
    ["not-onnx", "another format", Buffer.from("GGUF\u0003\0\0\0")],
    ["not-onnx", "text", Buffer.from("hello, this is no model")],
    ["truncated", "half a file", encodeOnnx(smallGraph()).subarray(0, 1500)],
    [
      "corrupt-file",
      "too few elements",
      modelBytes({ weights: [{ name: "w", type: 1, dimensions: [3], floats: [1] }] }),
    ],
    ["corrupt-file", "a negative size", modelBytes({ weights: [{ name: "w", type: 1, dimensions: [-1] }] })],
    ["corrupt-file", "huge sizes", modelBytes({ weights: [{ name: "w", type: 1, dimensions: [2 ** 40, 2 ** 40] }] })],
    ["not-supported", "elements of text", modelBytes({ weights: [{ name: "w", type: 8, dimensions: [1] }] })],
    [
      "not-supported",
      "a graph in a node",
      modelBytes({ nodes: [{ operator: "If", attributes: [{ name: "then_branch", kind: 5 }] }] }),
    ],
    ["not-supported", "an input that is no tensor", modelBytes({ inputs: [{ name: "x", type: {} }] })],
    ["not-supported", "other files that are not there", externalGraph("weights")],
    [
      "unknown-name",
      "a node that needs what nothing gives",
      modelBytes({ nodes: [{ operator: "Relu", inputs: ["x"] }] }),
    ],
  ])("as %s: %s", ([code, , bytes]) => {
    expect(codeOfDecoding(bytes)).toBe(code);
  });

  test("a path where no file is, or a folder", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "folder.onnx"));
    expect(await codeOf(readOnnx(join(folder, "folder.onnx")))).toBe("file-unreadable");
    expect(await codeOf(readOnnx(join(folder, "absent.onnx")))).toBe("file-unreadable");
  });

  test("the error names the file, what was found and what to do", async () => {
    const path = join(temporaryFolder(), "notes.onnx");
    writeFileSync(path, "Dear diary");
    const error: unknown = await readOnnx(path).catch((reason: unknown) => reason);
    expect(String(error).replace(path, "notes.onnx")).toMatchInlineSnapshot(
      `"OnnxError [not-onnx]: notes.onnx: The bytes are no protobuf message. It is cut off, damaged or no ONNX: pass a whole ONNX file."`,
    );
  });
});

describe("external data", () => {
  const read = (folder: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, "m.onnx"), bytes);
    return readOnnx(join(folder, "m.onnx"));
  };

  test.for(["../secret", "/etc/passwd", "", "a/../../secret", "..\\secret", "w\0"])(
    "outside the folder is refused: %j",
    async (location) => {
      expect(await codeOf(read(temporaryFolder(), externalGraph(location)))).toBe("outside-folder");
    },
  );

  test("through a link out of the folder is refused", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "model"));
    writeFileSync(join(folder, "secret"), Buffer.alloc(4096));
    symlinkSync(join(folder, "secret"), join(folder, "model", "weights"));
    expect(await codeOf(read(join(folder, "model"), externalGraph("weights")))).toBe("outside-folder");
  });

  test("beside what a link to the model leads to is read, as in caches of downloads", async () => {
    const folder = temporaryFolder();
    for (const name of ["blobs", "snapshot"]) mkdirSync(join(folder, name));
    writeFileSync(join(folder, "blobs", "1"), externalGraph("weights"));
    writeFileSync(join(folder, "blobs", "2"), smallGraph().weights[0]!.data);
    symlinkSync("../blobs/1", join(folder, "snapshot", "m.onnx"));
    symlinkSync("../blobs/2", join(folder, "snapshot", "weights"));
    const graph = await readOnnx(join(folder, "snapshot", "m.onnx"));
    expect(encodeOnnx(graph)).toEqual(encodeOnnx(smallGraph()));
  });

  test("that is missing, or too short, is refused", async () => {
    const folder = temporaryFolder();
    expect(await codeOf(read(folder, externalGraph("weights")))).toBe("file-unreadable");
    writeFileSync(join(folder, "weights"), Buffer.alloc(2048));
    expect(await codeOf(read(folder, externalGraph("weights", 1)))).toBe("truncated");
    const files = await writeOnnx(smallGraph(), { path: join(folder, "small.onnx"), externalData: "always" });
    truncateSync(files.externalPath!, 2000);
    expect(await codeOf(readOnnx(files.path))).toBe("truncated");
  });
});

const anywhere = fc.noBias(fc.nat(2 ** 30));
const aByteChanges = fc.tuple(anywhere, fc.nat(255)).map(([at, byte]) => (bytes: Buffer) => {
  bytes[at % bytes.length] = byte;
  return bytes;
});
const itsEndIsLost = anywhere.map((at) => (bytes: Buffer) => bytes.subarray(0, 1 + (at % bytes.length)));
const aLengthGrows = anywhere.map((at) => (bytes: Buffer) => {
  bytes.subarray(at % bytes.length).fill(0xff, 0, Math.min(4, bytes.length - (at % bytes.length)));
  return bytes;
});
const mutation = fc.oneof(
  { weight: 4, arbitrary: aByteChanges },
  { weight: 1, arbitrary: itsEndIsLost },
  { weight: 1, arbitrary: aLengthGrows },
);

test(
  "5,000 damaged files are each read or refused with an OnnxError, in little memory",
  { timeout: 60_000 },
  async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "weights"), smallGraph().weights[0]!.data);
    const sound = externalGraph("weights");
    const path = join(folder, "damaged.onnx");
    const outcomes = { read: 0, refused: 0 };
    const peakBefore = process.resourceUsage().maxRSS;
    const property = fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
      writeFileSync(
        path,
        mutations.reduce<Buffer>((bytes, mutate) => mutate(bytes), Buffer.from(sound)),
      );
      try {
        encodeOnnx(await readOnnx(path));
        outcomes.read++;
      } catch (error) {
        if (!(error instanceof OnnxError)) throw error;
        outcomes.refused++;
      }
    });
    await fc.assert(property, { numRuns: 5_000, seed: 6, endOnFailure: true });
    expect(outcomes.read).toBeGreaterThan(500);
    expect(outcomes.refused).toBeGreaterThan(1_500);
    expect(process.resourceUsage().maxRSS - peakBefore).toBeLessThan(300_000);
  },
);
