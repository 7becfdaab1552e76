import { expect, test } from "vitest";
import {
  codeCellsOf,
  formatNotebook,
  parseNotebook,
  readNotebook,
  textOf,
} from "../../../../kernels/typescript/notebook/document.ts";

const code = {
  cell_type: "code",
  execution_count: 1,
  id: "a",
  metadata: {},
  outputs: [{ name: "stdout", output_type: "stream", text: ["a\n", "b"] }],
  source: ["1 +\n", "1"],
};
const notebook = {
  cells: [{ cell_type: "markdown", id: "b", metadata: {}, source: ["# x"] }, code],
  metadata: { kernelspec: { display_name: "numalab", language: "typescript", name: "numalab" } },
  nbformat: 4,
  nbformat_minor: 5,
};

test("the cells that can be run are read with their whole text", () => {
  const cells = codeCellsOf(parseNotebook(JSON.stringify(notebook)));
  expect(cells.map(({ source }) => textOf(source))).toEqual(["1 +\n1"]);
});

test("a notebook is written as Jupyter writes it: sorted keys, one space, lines apart", () => {
  const read = parseNotebook(JSON.stringify(notebook));
  const [cell] = codeCellsOf(read);
  cell!.outputs = [
    { output_type: "stream", name: "stdout", text: "a\n\nb" },
    {
      output_type: "display_data",
      metadata: {},
      data: { "text/html": "<b>\n</b>", "image/png": "a\nb", "x/y+json": { z: 1, a: 2 } },
    },
  ];
  const text = formatNotebook(read);
  expect(text.startsWith('{\n "cells": [\n  {\n   "cell_type": "markdown",')).toBe(true);
  expect(text.endsWith("}\n")).toBe(true);
  const written = (JSON.parse(text) as typeof notebook).cells[1] as unknown as { outputs: unknown };
  expect(JSON.stringify(written.outputs)).toBe(
    JSON.stringify([
      { name: "stdout", output_type: "stream", text: ["a\n", "\n", "b"] },
      {
        data: { "image/png": "a\nb", "text/html": ["<b>\n", "</b>"], "x/y+json": { a: 2, z: 1 } },
        metadata: {},
        output_type: "display_data",
      },
    ]),
  );
});

test.for([
  ["{", "JSON"],
  ["null", '"nbformat" is undefined'],
  ['{"nbformat": 3}', '"nbformat" is 3'],
  ['{"nbformat": 4}', 'no list of "cells"'],
  ['{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "cell 1"],
  ['{"nbformat": 4, "cells": [null]}', "cell 1"],
] as const)("%s is no notebook", ([text, found]) => {
  expect(() => parseNotebook(text)).toThrow(expect.objectContaining({ code: "notebook-malformed" }));
  expect(() => parseNotebook(text)).toThrow(found);
});

test("a notebook that is not there is named", () => {
  expect(() => readNotebook("/nowhere/x.ipynb")).toThrow(expect.objectContaining({ code: "notebook-unreadable" }));
  expect(() => readNotebook("/nowhere/x.ipynb")).toThrow("/nowhere/x.ipynb");
});
