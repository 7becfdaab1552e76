import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CellOutcome } from "../../../../kernels/typescript/session/cell.ts";
import { startBuiltExecutor, until, type TestExecutor } from "./executor/builtExecutor.ts";

let tester: TestExecutor;
beforeAll(async () => {
  tester = await startBuiltExecutor();
});
afterAll(() => tester[Symbol.asyncDispose]());

function errorOf(outcome: CellOutcome) {
  if (outcome.status === "ok") throw new Error("the cell ended well");
  return outcome.error;
}

const failureOf = async (code: string) => errorOf(await tester.run(code));
const kindsOf = (cellId: number) => tester.events.filter((one) => one.cellId === cellId).map(({ event }) => event.kind);

test("variables stay, and can be declared again", async () => {
  await tester.run("let a = 1; const b = 2; function f() { return a; }");
  await tester.run("a = 10; const b = 'two';");
  expect(await tester.valueOf("[a, b, f()]")).toBe("[ 10, 'two', 10 ]");
  await tester.run("let c = await Promise.resolve(3);");
  expect(await tester.valueOf("c")).toBe("3");
});

test("what a cell declared before it failed is kept", async () => {
  await failureOf("let kept = 1; null.x; let never = 2;");
  expect(await tester.valueOf("kept")).toBe("1");
});

describe("the last value is shown", () => {
  test("undefined not at all, and nothing of a silent cell", async () => {
    await tester.run("__numalab.result(undefined)");
    expect(kindsOf(tester.lastCellId)).toEqual([]);
    await tester.run("__numalab.result(1)", { isSilent: true });
    expect(kindsOf(tester.lastCellId)).toEqual([]);
  });

  test("what is displayed already not again", async () => {
    await tester.run("__numalab.result(display(1))");
    expect(kindsOf(tester.lastCellId)).toEqual(["display"]);
  });

  test("in the forms that it chooses, also when they take time", async () => {
    const method = '[Symbol.for("Jupyter.display")]';
    await tester.run(`__numalab.result({ ${method}: () => ({ "image/png": new Uint8Array([1, 2, 3]) }) })`);
    expect(tester.resultOf(tester.lastCellId)).toEqual({ "image/png": "AQID" });
    await tester.run(`__numalab.result({ ${method}: async () => (await null, { "text/html": "<b>" }) })`);
    expect(tester.resultOf(tester.lastCellId)).toEqual({ "text/html": "<b>" });
    const error = await failureOf(`__numalab.result({ ${method}() { throw new RangeError("no form"); } })`);
    expect(error).toMatchObject({ name: "RangeError", message: "no form" });
  });

  test("a list of records also as a table", async () => {
    await tester.run("__numalab.result([{ a: 1, b: '<i>' }])");
    expect(tester.resultOf(tester.lastCellId)).toMatchObject({
      "text/plain": "[ { a: 1, b: '<i>' } ]",
      "text/html": expect.stringContaining("&lt;i&gt;") as string,
    });
  });

  test("a long one cut", async () => {
    expect((await tester.valueOf('"z".repeat(50_000_000)')).length).toBeLessThan(10_200);
  });
});

test("expressions are evaluated after the cell, each for itself", async () => {
  const name = `Expression[${tester.lastCellId + 1}]`;
  const programOf = (code: string) => ({ code, javascript: `__numalab.result(${code})\n//# sourceURL=${name}` });
  const expressions = { sum: programOf("1 + 1"), bad: programOf("nowhere") };
  const outcome = await tester.run("let e = 1", { expressions });
  expect(outcome).toMatchObject({
    status: "ok",
    expressions: { sum: { data: { "text/plain": "2" } }, bad: { error: { name: "ReferenceError" } } },
  });
  const { bad } = outcome.status === "ok" ? outcome.expressions : {};
  expect(bad && "error" in bad ? bad.error.traceback.slice(1, 3) : []).toEqual([
    `    at ${name}:1:18`,
    "    1 | nowhere",
  ]);
});

describe("an error", () => {
  test("shows the frames of cells with their lines, and no others", async () => {
    await tester.run("function inner(o) {\n  return o.a.x;\n}");
    const n = tester.lastCellId;
    const { name, message, traceback } = await failureOf("inner({})");
    expect([name, message]).toEqual(["TypeError", "Cannot read properties of undefined (reading 'x')"]);
    expect(traceback.slice(1)).toEqual([
      `    at inner (In[${n}]:2:14)`,
      "    2 |   return o.a.x;",
      "      |              ^",
      `    at In[${n + 1}]:1:1`,
      "    1 | inner({})",
      "      | ^",
    ]);
  });

  test("shows causes, members and further fields", async () => {
    const { traceback } = await failureOf(
      "throw Object.assign(new AggregateError([new Error('one'), 2], 'both', { cause: new RangeError('deep') }), { code: 'E1' })",
    );
    const text = traceback.join("\n");
    expect(text).toContain("AggregateError: both");
    expect(text).toContain("{ code: 'E1' }");
    expect(text).toMatch(/Error 1 of 2: Error: one\n.*In\[\d+\]/);
    expect(text).toContain("Error 2 of 2: 2");
    expect(text).toMatch(/Caused by RangeError: deep\n.*In\[\d+\]/);
  });

  test("may be anything that was thrown", async () => {
    expect(await failureOf("throw 'text'")).toMatchObject({ name: "Thrown", message: "'text'" });
    expect(await failureOf("throw 3n")).toMatchObject({ name: "Thrown", message: "3n" });
    expect(await failureOf("throw undefined")).toMatchObject({ name: "Thrown", message: "undefined" });
    expect(await failureOf("throw { a: 1 }")).toMatchObject({ name: "Thrown", message: "{ a: 1 }" });
    expect(await failureOf("throw Object.create(Error.prototype, { message: { get() { throw 1 } } })")).toMatchObject({
      name: "Thrown",
    });
  });

  test("of V8's reading names the place", async () => {
    const { name, traceback } = await failureOf("let fine = 1;\nlet bad = ;");
    expect(name).toBe("SyntaxError");
    expect(traceback.slice(-3)).toEqual([
      `    at In[${tester.lastCellId}]:2:11`,
      "    2 | let bad = ;",
      "      |           ^",
    ]);
  });

  test("is clean also where a cell prints it itself", async () => {
    await tester.run("try { null.x; } catch (error) { console.log(error.stack); }");
    const n = tester.lastCellId;
    expect(tester.textOf(n)).toBe(`TypeError: Cannot read properties of null (reading 'x')\n    at In[${n}]:1:12\n`);
  });

  test("of a deep recursion is short", async () => {
    const { traceback } = await failureOf("function down() { down(); }\ndown();");
    expect(traceback.length).toBeLessThan(12);
  });

  test("lies where a source map says", async () => {
    const map = { version: 3, sources: ["cell"], names: [], mappings: ";;;AACA" }; // line 4 comes from line 2
    const comment = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString("base64")}`;
    const n = tester.lastCellId + 1;
    const javascript = `\n\n\nnull.x\n//# sourceURL=In[${n}]\n${comment}`;
    const error = errorOf(await tester.run("// one\nnull.x", { javascript }));
    expect(error.traceback[1]).toBe(`    at In[${n}]:2:1`);
    expect(error.traceback[2]).toBe("    2 | null.x");
  });
});

describe("the globals", () => {
  test("are there and are not listed", async () => {
    expect(await tester.valueOf("[display, clearOutput, prompt, page, kernel, require].map((one) => typeof one)")).toBe(
      "[ 'function', 'function', 'function', 'function', 'object', 'function' ]",
    );
    expect(await tester.valueOf("Object.keys(globalThis).filter((name) => /display|kernel|numalab/.test(name))")).toBe(
      "[]",
    );
  });

  test("display, clearOutput and page tell what they show", async () => {
    await tester.run("const shown = display.html('<b>'); shown.update(1); clearOutput({ wait: true }); page('long');");
    const events = tester.events.filter((one) => one.cellId === tester.lastCellId).map(({ event }) => event);
    expect(events).toMatchObject([
      { kind: "display", data: { "text/html": "<b>" }, isUpdate: false },
      { kind: "display", data: { "text/plain": "1" }, isUpdate: true },
      { kind: "clear", wait: true },
      { kind: "page", data: { "text/plain": "long" } },
    ]);
  });

  test("prompt waits for an answer, and refuses when nobody can be asked", async () => {
    const asks = () => tester.events.filter(({ event }) => event.kind === "ask").length;
    const answered = tester.run("const name = prompt('Name?');");
    await until(() => asks() === 1);
    tester.executor.answer("Ada");
    await answered;
    expect(await tester.valueOf("name")).toBe("'Ada'");
    const refused = tester.run("prompt('Name?')");
    await until(() => asks() === 2);
    tester.executor.answer(null);
    expect(errorOf(await refused).message).toContain("nobody to ask");
  });

  test("prompt asks when its cell has ended too", async () => {
    const asks = () => tester.events.filter(({ event }) => event.kind === "ask").length;
    const count = asks();
    await tester.run(
      "var late; setTimeout(() => { try { prompt('late') } catch (error) { late = error.message } }, 20);",
    );
    await until(() => asks() > count);
    tester.executor.answer(null);
    expect(await tester.valueOf("late")).toContain("nobody to ask");
  });

  test("kernel tells settings, restarts and where it runs", async () => {
    await tester.run("kernel.typeChecking = 'off'; kernel.restart({ nodeIndex: 0 });");
    expect(tester.requests.splice(0)).toEqual([
      { kind: "settings", typeChecking: "off", showTime: false },
      { kind: "restart", binding: { nodeIndex: 0 } },
    ]);
    expect(await failureOf("kernel.typeChecking = 'loud'")).toMatchObject({ name: "RangeError" });
    const { processId } = tester.executor;
    expect(await tester.valueOf("kernel.binding.processId === process.pid && kernel.lastCellSeconds > 0")).toBe("true");
    expect(await tester.valueOf("process.pid")).toBe(String(processId));
  });

  test("comms go both ways", async () => {
    const comms = () => tester.events.flatMap(({ event }) => (event.kind === "comm" ? [event.message] : []));
    await tester.run(
      "kernel.registerTarget('echo', (comm, data) => { comm.send(data); comm.onMessage((m) => comm.send({ echo: m })); });",
    );
    tester.executor.comm({ type: "open", commId: "c1", targetName: "echo", data: 1 });
    tester.executor.comm({ type: "msg", commId: "c1", data: 2 });
    tester.executor.comm({ type: "open", commId: "c2", targetName: "nobody", data: 3 });
    await until(() => comms().length === 3);
    expect(comms()).toMatchObject([
      { type: "msg", commId: "c1", data: 1 },
      { type: "msg", commId: "c1", data: { echo: 2 } },
      { type: "close", commId: "c2" },
    ]);
    await tester.run("const mine = kernel.openComm('view', { x: 1 }); mine.close();");
    expect(comms().slice(3)).toMatchObject([{ type: "open", targetName: "view", data: { x: 1 } }, { type: "close" }]);
  });
});

test("the members of a value are found without side effects, and none while a cell is busy", async () => {
  await tester.run("class Point { x = 1; norm() {} } const point = new Point(); let touched = 0;");
  expect(await tester.executor.membersOf("point")).toEqual(["x", "constructor", "norm"]);
  expect(await tester.executor.membersOf("(touched = 1)")).toEqual([]);
  expect(await tester.executor.membersOf("nowhere.to")).toEqual([]);
  expect(await tester.valueOf("touched")).toBe("0");
  const busy = tester.run("console.log('busy'); for (;;);");
  await until(() => tester.textOf(tester.lastCellId) !== "");
  expect(await tester.executor.membersOf("point")).toEqual([]);
  tester.executor.interrupt();
  await busy;
});

test("standard input is empty, in each cell anew", async () => {
  const code =
    "for await (const line of require('readline').createInterface({ input: process.stdin })) console.log(line);";
  for (let round = 0; round < 2; round++) expect(await tester.run(code)).toMatchObject({ status: "ok" });
});
