import { expect, test } from "vitest";
import { isRecords, recordsTable } from "../../../../../kernels/typescript/session/executor/recordsTable.ts";

test("a list of plain records is one, and nothing else is", () => {
  expect(isRecords([{ a: 1 }, { b: 2 }])).toBe(true);
  expect(isRecords([Object.create(null)])).toBe(true);
  for (const value of [[], [1], [{ a: 1 }, null], [new Map()], [[1]], { a: 1 }, "text", null])
    expect(isRecords(value)).toBe(false);
});

test("a table has a row for each record and a column for each key, and escapes what it shows", () => {
  expect(recordsTable([{ "a<b": 1, c: '"&' }, { d: { e: [1] } }])).toBe(
    "<table><thead><tr><th>a&lt;b</th><th>c</th><th>d</th></tr></thead><tbody>" +
      '<tr><td style="text-align: right">1</td><td>&quot;&amp;</td><td></td></tr>' +
      "<tr><td></td><td></td><td>{ e: [ 1 ] }</td></tr></tbody></table>",
  );
});

test("a table shows as much as a person reads, and says what it leaves out", () => {
  const wide = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`k${i}`, "x".repeat(1000)]));
  const html = recordsTable(Array.from({ length: 250 }, () => wide));
  expect(html.match(/<tr>/g)).toHaveLength(101);
  expect(html.match(/<th>/g)).toHaveLength(50);
  expect(html).toContain("Shown: the first 100 of 250 rows, the first 50 of 60 columns.");
  expect(html).not.toContain("x".repeat(201));
});
