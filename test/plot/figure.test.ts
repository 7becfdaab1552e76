import { inspect } from "node:util";
import { expect, test } from "vitest";
import { displaySymbol, figureOf } from "../../sdk/plot/index.ts";

const spec = {
  data: [{ type: "scatter", y: [1, 2] }],
  layout: { title: { text: "Ours", subtitle: { text: "Two points" } } },
};

test("a figure is its plotly spec as plain data, and sends nothing to any server", () => {
  expect(JSON.parse(JSON.stringify(figureOf(spec)))).toMatchObject({
    ...spec,
    config: { showSendToCloud: false, plotlyServerURL: "" },
  });
});

test("a figure shows itself by the symbol that notebooks ask for, and as one line in a terminal", () => {
  expect(displaySymbol).toBe(Symbol.for("Jupyter.display"));
  expect(typeof figureOf(spec)[displaySymbol]).toBe("function");
  expect(inspect(figureOf(spec))).toBe("Figure: Ours. Two points");
  expect(inspect(figureOf({ data: [], layout: {} }))).toBe("Figure: untitled");
});
