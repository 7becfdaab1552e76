import fc from "fast-check";
import { expect, test } from "vitest";
import { createTextStream } from "../../../sdk/inference/worker/textStream.ts";

/** The text of a stream that is fed `text` in pieces of `pieceBytes`. */
function streamed(text: string, stopTexts: readonly string[], pieceBytes: number) {
  const stream = createTextStream(stopTexts);
  const bytes = Buffer.from(text);
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) pieces.push(stream.push(bytes.subarray(at, at + pieceBytes)));
  return { text: [...pieces, stream.end()].join(""), isStopped: stream.isStopped, pieces };
}

test("characters of several bytes come whole", () => {
  expect(streamed("añ€😀", [], 1).pieces).toEqual(["a", "", "ñ", "", "", "€", "", "", "", "😀"]);
});

test("a beginning of a stop text is held back until it is certain", () => {
  expect(streamed("a stone", ["stop"], 1).pieces).toEqual(["a", " ", "", "", "", "ston", "e"]);
});

test("text ends before the first stop text, whatever the pieces", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "é", "😀") });
  const stops = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "é"), minLength: 1 }), { maxLength: 3 });
  fc.assert(
    fc.property(letters, stops, fc.integer({ min: 1, max: 5 }), (text, stopTexts, pieceBytes) => {
      const first = Math.min(...stopTexts.map((stop) => text.indexOf(stop)).filter((at) => at >= 0));
      const found = streamed(text, stopTexts, pieceBytes);
      expect(found.isStopped).toBe(first < Infinity);
      expect(found.text).toBe(text.slice(0, first));
    }),
  );
});
