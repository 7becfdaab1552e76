import { expect, test } from "vitest";
import { parseRows } from "../../sdk/catalogue/rows.ts";
import { schemas } from "../../sdk/catalogue/schemas.ts";

const header = "model,mix,size_GiB,params_B,effective_bpw,source";
const parse = (...lines: string[]) => parseRows(schemas.quantFileSizes, { path: "sizes.csv", text: lines.join("\n") });

test("a row is in base units and has the names of the schema", () => {
  expect(parse(header, "Tiny,Q8_0,1.5,0.5,24,me")).toEqual([
    {
      model: "Tiny",
      mix: "Q8_0",
      fileBytes: 1.5 * 2 ** 30,
      parametersCount: 5e8,
      effectiveWeightBits: 24,
      source: "me",
    },
  ]);
});

test("a cell of the wrong kind is refused with file, line, column and value", () => {
  expect(() => parse(header, "Tiny,Q8_0,1.5,0.5,24,me", "Tiny,Q8_0,big,0.5,24,me")).toThrowErrorMatchingInlineSnapshot(
    `[CatalogueError: sizes.csv line 3: size_GiB is "big"; needed a number. Mend that line.]`,
  );
  expect(() => parse(header, "Tiny,,1.5,0.5,-1,me")).toThrowErrorMatchingInlineSnapshot(
    `[CatalogueError: sizes.csv line 2: mix is ""; needed a text; effective_bpw is "-1"; needed a number. Mend that line.]`,
  );
});

test("a missing cell and a missing or surplus column are refused", () => {
  expect(() => parse(header, "Tiny,Q8_0")).toThrowErrorMatchingInlineSnapshot(
    `[CatalogueError: sizes.csv line 2: it has 2 cells; needed 6. Mend that line.]`,
  );
  expect(() =>
    parse("model,mix,size_GiB,params_B,effective_bpw", "Tiny,Q8_0,1.5,0.5,24"),
  ).toThrowErrorMatchingInlineSnapshot(
    `[CatalogueError: sizes.csv line 2: source is undefined; Invalid input: expected string, received undefined. Mend that line.]`,
  );
  expect(() => parse(`${header},colour`, "Tiny,Q8_0,1.5,0.5,24,me,red")).toThrowErrorMatchingInlineSnapshot(
    `[CatalogueError: sizes.csv line 2: Unrecognized key: "colour". Mend that line.]`,
  );
});
