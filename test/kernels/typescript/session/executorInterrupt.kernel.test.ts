import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBuiltExecutor, until, type TestExecutor } from "./executor/builtExecutor.ts";

let tester: TestExecutor;
beforeAll(async () => {
  tester = await startBuiltExecutor();
  await tester.run("let kept = 41; const childProcess = require('child_process');");
});
afterAll(() => tester[Symbol.asyncDispose]());

/** How long a person waits at most; the bar of 100 ms holds on a machine that has nothing else to do. */
const mostMilliseconds = 1000;

/** Interrupts a cell that has said that it is at work, and returns how it ended. */
async function interrupted(code: string, afterMilliseconds = 20) {
  const running = tester.run(`console.log("at work");\n${code}`);
  const cellId = tester.lastCellId;
  await until(() => tester.textOf(cellId) !== "");
  await new Promise((resolve) => setTimeout(resolve, afterMilliseconds));
  const startedAt = performance.now();
  tester.executor.interrupt();
  const outcome = await running;
  return { outcome, milliseconds: performance.now() - startedAt };
}

const cases = {
  "a loop": "for (;;);",
  "a loop that swallows everything": "for (;;) { try { for (;;); } catch {} finally {} }",
  "a loop of microtasks": "while (true) await null;",
  "a loop of microtasks that are queued":
    "(function again() { queueMicrotask(again); })(); await new Promise(() => {});",
  "a loop over an async generator": "for await (const one of (async function* () { for (;;) yield 1; })());",
  "a loop in an asynchronous context":
    "await new (require('async_hooks').AsyncLocalStorage)().run(1, async () => { for (;;) await null; });",
  "an await that nothing ends": "await new Promise(() => {});",
  "a loop of timers": "for (;;) await new Promise((resolve) => setTimeout(resolve, 1));",
  "a loop of immediates": "(function again() { setImmediate(again); })(); await new Promise(() => {});",
  "a loop after an await": "await new Promise((resolve) => setTimeout(resolve, 1)); for (;;);",
  "a loop in a timer": "setTimeout(() => { for (;;); }, 1); await new Promise(() => {});",
  "a loop in a callback of Node's":
    "require('fs').readFile('/proc/self/stat', () => { for (;;); }); await new Promise(() => {});",
  "a loop of reads": "for (;;) await require('fs/promises').readFile('/proc/self/stat');",
  "a loop that prints": "for (;;) console.log('x'.repeat(100));",
  "a loop that prints after awaits": "for (;;) { await null; console.log('x'); }",
  "a program that is waited for": "childProcess.spawnSync('sleep', ['100']);",
  "a shell that is waited for": "childProcess.execSync('sleep 100; true');",
  "a program that is awaited":
    "await new Promise((resolve) => childProcess.spawn('sleep', ['100']).on('exit', resolve));",
  "a native sort":
    "const numbers = Array.from({ length: 1e6 }, (_, i) => (i * 7919) % 1e6); for (;;) numbers.sort((a, b) => a - b);",
  "a catastrophic regular expression": "/(a+)+b/.test('a'.repeat(40));",
  "an atomic wait": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
  "a question": "prompt('?');",
  "a value that takes for ever to show itself":
    "__numalab.result({ [Symbol.for('Jupyter.display')]: async () => { for (;;); } });",
};

describe("an interrupt stops", () => {
  for (const [name, code] of Object.entries(cases))
    test(`${name}, at once, and the next cell runs`, async () => {
      const { outcome, milliseconds } = await interrupted(code);
      expect(outcome).toMatchObject({ status: "error", error: { name: "KeyboardInterrupt" } });
      expect(milliseconds).toBeLessThan(mostMilliseconds);
      expect(
        await tester.run("await new Promise((resolve) => setTimeout(resolve, 1)); console.log('next');"),
      ).toMatchObject({ status: "ok" });
      expect(tester.textOf(tester.lastCellId)).toBe("next\n");
      expect(await tester.valueOf("kept")).toBe("41");
      expect(tester.losses).toEqual([]);
    });
});

describe("a question that meets an interrupt is not asked", () => {
  test("after another one", async () => {
    const { outcome } = await interrupted("try { prompt('one'); } catch {} prompt('two');");
    expect(outcome).toMatchObject({ status: "error", error: { name: "KeyboardInterrupt" } });
    expect(await tester.valueOf("kept")).toBe("41");
  });

  test("at any moment", async () => {
    for (let delay = 0; delay < 40; delay++) {
      const busy = "const end = performance.now() + 40; while (performance.now() < end);";
      const { outcome } = await interrupted(`{ ${busy} } prompt('?');`, 30 + delay / 2);
      expect(outcome).toMatchObject({ status: "error", error: { name: "KeyboardInterrupt" } });
    }
    expect(await tester.valueOf("kept")).toBe("41");
  });

  test("and what is answered nevertheless goes to no later one", async () => {
    const running = tester.run("console.log('asking'); prompt('?');");
    const cellId = tester.lastCellId;
    await until(() => tester.textOf(cellId) !== "");
    await new Promise((resolve) => setTimeout(resolve, 20));
    tester.executor.interrupt();
    tester.executor.answer("too late");
    await running;
    const asking = tester.run("__numalab.result(prompt('again?'))");
    const asks = () => tester.events.filter((one) => one.cellId === cellId + 1 && one.event.kind === "ask");
    await until(() => asks().length === 1);
    tester.executor.answer("in time");
    await asking;
    expect(tester.resultOf(cellId + 1)).toMatchObject({ "text/plain": "'in time'" });
  });
});

test("many interrupts in a row lose nothing", async () => {
  for (let round = 0; round < 25; round++)
    for (const code of [cases["a loop of microtasks"], cases["a loop after an await"], cases["a loop that prints"]])
      await interrupted(code);
  expect(await tester.valueOf("kept")).toBe("41");
});

describe("of an interrupted cell", () => {
  test("the timers end", async () => {
    await interrupted("var ticks = 0; setInterval(() => ticks++, 1); await new Promise(() => {});");
    const before = await tester.valueOf("ticks");
    await tester.run("await new Promise((resolve) => setTimeout(resolve, 30));");
    expect(await tester.valueOf("ticks")).toBe(before);
  });

  test("loops end at their next await, and later calls of its functions do not", async () => {
    const id = tester.lastCellId + 1;
    await interrupted(
      `var steps = 0; async function step() { __numalab.awaited(${id}, await null); return ++steps; }
       var later = require('events').once(globalThis.bell = new EventTarget(), 'ring');
       (async () => { __numalab.awaited(${id}, await later); steps = 1000; })();
       await new Promise(() => {});`,
    );
    await tester.run("bell.dispatchEvent(new Event('ring')); await null; await null;");
    expect(await tester.valueOf("await step()")).toBe("1");
    expect(await tester.valueOf("steps")).toBe("1");
  });

  test("a server goes on", async () => {
    const id = tester.lastCellId + 1;
    await interrupted(
      `const server = require('http').createServer(async (_, response) => { __numalab.awaited(${id}, await new Promise((done) => setTimeout(done, 1))); response.end('served'); }).listen(0);
       await new Promise(() => {});`,
    );
    expect(await tester.valueOf("await (await fetch(`http://127.0.0.1:${server.address().port}`)).text()")).toBe(
      "'served'",
    );
    await tester.run("server.close()");
  });

  test("programs that earlier cells started go on", async () => {
    await tester.run(
      "const sleeper = childProcess.spawn('sleep', ['100']); await new Promise((resolve) => setTimeout(resolve, 60));",
    );
    await interrupted("for (;;);");
    expect(await tester.valueOf("[sleeper.exitCode, sleeper.signalCode, sleeper.kill()]")).toBe("[ null, null, true ]");
  });
});

test("an interrupt before a cell has begun keeps it from running", async () => {
  const running = tester.run("for (;;);");
  tester.executor.interrupt();
  expect(await running).toMatchObject({ status: "error", error: { name: "KeyboardInterrupt" } });
});

test("an interrupt without a cell does nothing", async () => {
  tester.executor.interrupt();
  expect(await tester.valueOf("kept")).toBe("41");
});

test("native code that cannot be stopped costs the variables, and says so", async () => {
  const { outcome, milliseconds } = await interrupted("require('crypto').pbkdf2Sync('a', 'b', 1e9, 64, 'sha512');");
  expect(outcome).toMatchObject({
    status: "error",
    error: { name: "KeyboardInterrupt", message: expect.stringContaining("all variables are lost") as string },
  });
  expect(milliseconds).toBeGreaterThan(4900);
  expect(milliseconds).toBeLessThan(8000);
  expect(tester.losses).toHaveLength(1);
  expect(await tester.valueOf("typeof kept")).toBe("'undefined'");
});
