import { expect, test } from "vitest";
import { figureOf } from "../../sdk/plot/index.ts";
import { markdownOf } from "../../sdk/report/index.ts";

test("a figure is one line that says where to see it", () => {
  const figure = figureOf({ data: [], layout: { title: { text: "Speed against threads" } } });
  const sections = [{ heading: "Measured", blocks: [{ figure, caption: "It levels off." }] }];
  expect(markdownOf({ title: "T", sections })).toBe(
    "# T\n\n## Measured\n\nIt levels off.\n\n*Figure: Speed against threads (in the HTML page only)*\n",
  );
});
