import { expect, test } from "vitest";
import { frameHtml } from "../../sdk/frame/html.ts";

const frame = {
  columns: ["model", "ttftSeconds", "bytesPerSecond", "x"],
  index: [0, 1],
  values: [
    ['<script>&"', 0.2, 9.1e9, 16777217],
    ["b", 0.003, NaN, 1.23456789],
  ],
};
const cellsOf = (html: string) => [...html.matchAll(/<t[dh](?: [^>]*)?>(.*?)<\/t[dh]>/gs)].map(([, text]) => text);

test("a frame is a table whose headings name the unit of their column", () => {
  expect(cellsOf(frameHtml(frame)).slice(0, 5)).toEqual(["", "Model", "TTFT (ms)", "Bytes per second (GB/s)", "X"]);
});

test("numbers are shown in the unit of their heading, missing ones as a dash", () => {
  const [first, second] = [cellsOf(frameHtml(frame)).slice(5, 10), cellsOf(frameHtml(frame)).slice(10)];
  expect(first.slice(2)).toEqual(["200", "9.1", "16777217"]);
  expect(second).toEqual(["1", "b", "3", "–", "1.23457"]);
});

test("nothing in a frame becomes HTML of its own", () => {
  const html = frameHtml({ ...frame, columns: ["<i>", "b", "c", "d"], index: ["<b>", 1] });
  expect(html).toContain("&lt;script&gt;&amp;&quot;");
  expect(html).not.toMatch(/<script|<i>|<b>/);
});

test("only the first rows are shown, and how many there are", () => {
  const html = frameHtml(frame, { maxRowsCount: 1 });
  expect(html).toContain("<p>1 of 2 rows shown</p>");
  expect(html).not.toContain("1.23457");
});

test("caveats stand below the table", () => {
  const caveats = [{ code: "c", message: "Two engines.", advice: "Compare one." }];
  expect(frameHtml({ ...frame, caveats })).toMatch(/<p>⚠ Two engines\. Compare one\.<\/p>$/);
});
