import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { displaySymbol } from "../../sdk/plot/index.ts";
import { display } from "../../sdk/report/index.ts";

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test("outside a notebook a value is shown as text: itself, a table, or what it says of itself", async () => {
  await display("words");
  await display([{ threadsCount: 2 }]);
  await display({ [displaySymbol]: () => Promise.resolve({ "text/html": "<b>", "text/plain": "plain" }) });
  await display({ answer: 42 });
  await display([]);
  expect(printed).toEqual(["words\n", "| Threads |\n|---:|\n| 2 |\n", "plain\n", "{ answer: 42 }\n", "[]\n"]);
});

test("a kernel with a display function is given every form of a value", async () => {
  const shown: unknown[] = [];
  vi.stubGlobal("display", (value: { [displaySymbol]: () => unknown }) => shown.push(value[displaySymbol]()));
  await display({ [displaySymbol]: () => ({ "text/html": "<b>", "text/plain": "plain" }) });
  expect(shown).toEqual([{ "text/html": "<b>", "text/plain": "plain" }]);
  expect(printed).toEqual([]);
});
