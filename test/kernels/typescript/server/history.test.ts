import { expect, test } from "vitest";
import { createHistory } from "../../../../kernels/typescript/server/history.ts";

function historyOf(...inputs: string[]) {
  const history = createHistory();
  inputs.forEach((input, index) => {
    history.add(index + 1, input);
    history.setOutput(index + 1, `result of ${input}`);
  });
  return (request: object) =>
    history.select({ output: false, raw: true, ...request }).map(([, line, input]) => [line, input]);
}

test("the tail is the last n cells, or all of them", () => {
  const select = historyOf("a", "b", "c");
  expect(select({ hist_access_type: "tail", n: 2 })).toEqual([
    [2, "b"],
    [3, "c"],
  ]);
  expect(select({ hist_access_type: "tail", n: 0 })).toEqual([]);
  expect(select({ hist_access_type: "tail" })).toHaveLength(3);
});

test("a range ends before its stop and is of this session only", () => {
  const select = historyOf("a", "b", "c");
  expect(select({ hist_access_type: "range", session: 0, start: 2, stop: 3 })).toEqual([[2, "b"]]);
  expect(select({ hist_access_type: "range", session: 1, start: 2 })).toEqual([
    [2, "b"],
    [3, "c"],
  ]);
  expect(select({ hist_access_type: "range", session: -1, start: 1 })).toEqual([]);
});

test("a search takes * and ? as wildcards and everything else as it stands", () => {
  const select = historyOf("let a", "let b", "f(x)\ng(x)", "a.b", "[1]");
  const find = (pattern: string) => select({ hist_access_type: "search", pattern }).map(([, input]) => input);
  expect(find("let ?")).toEqual(["let a", "let b"]);
  expect(find("f(*")).toEqual(["f(x)\ng(x)"]);
  expect(find("a.b")).toEqual(["a.b"]);
  expect(find("[*]")).toEqual(["[1]"]);
  expect(find("l")).toEqual([]);
});

test("a search shows each text once when asked to, and at most n", () => {
  const select = historyOf("a", "b", "a", "a");
  expect(select({ hist_access_type: "search", pattern: "*", unique: true })).toEqual([
    [2, "b"],
    [4, "a"],
  ]);
  expect(select({ hist_access_type: "search", pattern: "a", n: 2 })).toEqual([
    [3, "a"],
    [4, "a"],
  ]);
});

test("outputs stand beside their inputs when asked for", () => {
  const history = createHistory();
  history.add(1, "1 + 1");
  history.setOutput(1, "2");
  history.add(2, "const a = 1");
  expect(history.select({ hist_access_type: "tail", output: true })).toEqual([
    [1, 1, ["1 + 1", "2"]],
    [1, 2, ["const a = 1", null]],
  ]);
});

test("an unknown kind of access finds nothing", () => {
  expect(historyOf("a")({ hist_access_type: "constructor" })).toEqual([]);
});
