import fc from "fast-check";
import { expect, test } from "vitest";
import { formatLine, lineReader, parseLine } from "../../../../../kernels/typescript/session/executor/wire.ts";

test("a message that was formatted is parsed again, and is one line", () => {
  fc.assert(
    fc.property(fc.nat(), fc.string({ unit: "binary" }), (sequence, text) => {
      const message = { kind: "event", cellId: 1, event: { kind: "stream", name: "stdout", text } } as const;
      const line = formatLine(sequence, message);
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(parseLine(line.slice(0, -1))).toEqual({ sequence, message });
    }),
    { numRuns: 50 },
  );
});

test("a torn line is no message", () => {
  const line = formatLine(7, { kind: "ready" });
  for (let length = 0; length < line.length - 2; length++) expect(parseLine(line.slice(0, length))).toBeNull();
});

test("lines are the same, however they come in pieces", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]*$/)), fc.array(fc.nat(5)), (lines, cuts) => {
      const read: string[] = [];
      const reader = lineReader((line) => void read.push(line));
      let rest = lines.map((line) => `${line}\n`).join("");
      for (const cut of cuts) {
        reader(rest.slice(0, cut));
        rest = rest.slice(cut);
      }
      reader(rest);
      expect(read).toEqual(lines);
    }),
  );
});
