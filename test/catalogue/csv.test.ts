import fc from "fast-check";
import { expect, test } from "vitest";
import { parseCsv } from "../../sdk/catalogue/csv.ts";
import { CatalogueError } from "../../sdk/catalogue/errors.ts";

const parse = (text: string) => parseCsv({ path: "x.csv", text });
const cellsOf = (text: string) => parse(text).map(({ cells }) => cells);
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

test("cells are parted by commas and rows by line ends of either kind", () => {
  expect(cellsOf("a,b\n1,2\r\n3,\n")).toEqual([
    ["a", "b"],
    ["1", "2"],
    ["3", ""],
  ]);
  expect(cellsOf("a,b\n1,")).toEqual([
    ["a", "b"],
    ["1", ""],
  ]);
  expect(cellsOf("")).toEqual([]);
});

test("quoted cells hold commas, quotes and line ends", () => {
  expect(cellsOf('a,"b, c"\n"say ""no""","two\nlines"\n')).toEqual([
    ["a", "b, c"],
    ['say "no"', "two\nlines"],
  ]);
});

test("a row knows the line it begins on, after cells of several lines too", () => {
  expect(parse('a\n"1\n2\n3"\nb\n').map(({ line }) => line)).toEqual([1, 2, 5]);
});

test("any cells come back as they were written, quoted or plain where plain will do", () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('"', ",", "\n", "\r\n", 'a"b', ""));
  const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 });
  fc.assert(
    fc.property(table, fc.boolean(), fc.constantFrom("\n", "\r\n"), (rows, quoteAll, lineEnd) => {
      const write = (text: string) => (quoteAll || /[",\r\n]/.test(text) ? quoted(text) : text);
      const text = rows.map((cells) => cells.map(write).join(",") + lineEnd).join("");
      expect(cellsOf(text)).toEqual(rows);
    }),
  );
});

test("a quote out of place is refused with file and line", () => {
  expect(() => parse('a\n"b')).toThrowErrorMatchingInlineSnapshot(
    `[CatalogueError: x.csv line 2: a quote is out of place; needed quotes around the whole cell and doubled inside it. Mend the line.]`,
  );
  for (const text of ['a"b"', '"a"b', '"a" ,b', '"']) expect(() => parse(text), text).toThrow(CatalogueError);
});
