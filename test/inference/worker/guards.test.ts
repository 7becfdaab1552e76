import { describe, expect, test } from "vitest";
import { assertStruct } from "../../../sdk/inference/worker/guards.ts";

/** A library whose struct has so many bytes and these defaults. */
const library = (writtenBytes: number, defaults: Record<string, unknown>) => ({
  name: "some_params",
  bytes: 16,
  defaults: { threads: 0, imatrix: null },
  read: () => defaults,
  write: (target: Buffer) => {
    target.fill(1, 0, writtenBytes);
  },
});

describe("a parameter struct", () => {
  test("of the declared size and defaults is accepted", () => {
    assertStruct(library(16, { threads: 0, imatrix: null, unchecked: 7 }));
    assertStruct(library(13, { threads: 0, imatrix: null }));
  });

  test("with another default is refused, and told with both values", () => {
    const other = library(16, { threads: 4, imatrix: null });
    expect(() => {
      assertStruct(other);
    }).toThrow(/default of some_params\.threads is 4; direct calls are written for 0/);
  });

  test.runIf(process.arch === "x64")("of another size is refused before its fields are read", () => {
    const larger = { ...library(24, {}), read: () => expect.unreachable() };
    expect(() => {
      assertStruct(larger);
    }).toThrow(
      expect.objectContaining({
        code: "library-mismatch",
        facts: { what: "The size of some_params", found: 24, needed: 16 },
      }),
    );
  });
});
