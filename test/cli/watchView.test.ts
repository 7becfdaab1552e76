import { once } from "node:events";
import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { watchLaunch } from "../../sdk/cli/watchView.ts";
import { unbound } from "../launch/processes.ts";

const own = () => [{ processId: process.pid, plan: { ...unbound, instanceIndex: 3 } }];

/** What is on the screen of a terminal of 80 columns and 24 rows, which says `written` after each write. */
function openScreen() {
  const lines: string[] = [""];
  const write = (text: string): void => {
    const [plain = "", up, below] = text.split("\u001b[");
    if (below === "J") lines.splice(lines.length - 1 - Number.parseInt(up ?? "", 10), Infinity, "");
    const [first = "", ...others] = plain.split("\n");
    lines.push((lines.pop() ?? "") + first, ...others);
  };
  const terminal = new Writable({
    decodeStrings: false,
    write(text: string, _, done) {
      write(text);
      done();
      this.emit("written");
    },
  });
  return Object.assign(terminal, { isTTY: true, columns: 80, rows: 24, lines });
}

test("a terminal shows one picture, drawn in place, and keeps the last one", async () => {
  const screen = openScreen();
  const view = watchLaunch(own, { target: screen, refreshSeconds: 0.01 });
  for (let writes = 0; writes < 6; writes += 1) await once(screen, "written");
  view[Symbol.dispose]();
  expect(screen.lines[0]).toMatch(/^ +CPU \(%\) {2}threads/);
  expect(screen.lines.filter((line) => line.startsWith("[3]"))).toHaveLength(1);
  expect(screen.lines.filter((line) => line.startsWith("throttled"))).toHaveLength(1);
});

test("what programs say stands above the picture, whole and in order", async () => {
  const screen = openScreen();
  const view = watchLaunch(own, { target: screen, refreshSeconds: 0.01 });
  const above = view.above(screen);
  above.write("[3] first\n");
  await once(screen, "written");
  above.write("[3] second\n");
  above.write("[3] third\n");
  await once(screen, "written");
  above.write("[3] last\n");
  view[Symbol.dispose]();
  above.write("[3] after\n");
  const { lines } = screen;
  expect(lines.slice(0, 4)).toEqual(["[3] first", "[3] second", "[3] third", "[3] last"]);
  expect(lines[4]).toContain("CPU (%)");
  expect(lines.slice(-3)).toEqual([expect.stringMatching(/^throttled/), "[3] after", ""]);
});

test("a small terminal shows what fits", async () => {
  const screen = Object.assign(openScreen(), { columns: 20, rows: 3 });
  const view = watchLaunch(own, { target: screen, refreshSeconds: 0.01 });
  await once(screen, "written");
  view[Symbol.dispose]();
  expect(screen.lines).toHaveLength(3);
  expect(Math.max(...screen.lines.map(({ length }) => length))).toBe(19);
});

test("a view that was closed before its second reading showed nothing, and lost no line", () => {
  const screen = openScreen();
  const view = watchLaunch(own, { target: screen });
  view.above(screen).write("[3] only\n");
  view[Symbol.dispose]();
  expect(screen.lines).toEqual(["[3] only", ""]);
});

test("a file gets a line an instance and one for the machine, and programs write to it directly", async () => {
  const file = Object.assign(openScreen(), { isTTY: false });
  const view = watchLaunch(own, { target: file, refreshSeconds: 0.01 });
  expect(view.above(file)).toBe(file);
  await once(file, "written");
  view[Symbol.dispose]();
  expect(file.lines).toEqual([
    expect.stringMatching(/^watch \[3\] CPU /),
    expect.stringMatching(/^watch .*throttled by the CPU quota /),
    "",
  ]);
});

test("lines for what is no terminal do not wait for the picture", () => {
  const screen = openScreen();
  using view = watchLaunch(own, { target: screen });
  const file = Object.assign(openScreen(), { isTTY: false });
  expect(view.above(file)).toBe(file);
});
