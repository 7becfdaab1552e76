import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryOf } from "./executor/processes.ts";
import { startBuiltExecutor, until, type TestExecutor } from "./executor/builtExecutor.ts";

let tester: TestExecutor;
beforeAll(async () => {
  tester = await startBuiltExecutor();
});
afterAll(() => tester[Symbol.asyncDispose]());

async function textsOf(code: string) {
  await tester.run(code);
  return [tester.textOf(tester.lastCellId), tester.textOf(tester.lastCellId, "stderr")];
}

describe("before a cell ends, there is what was written by", () => {
  test("console and process", async () => {
    expect(
      await textsOf(
        "console.log('%s %d', 'a', 1); console.error('b'); console.group(); console.log('in'); console.groupEnd();",
      ),
    ).toEqual(["a 1\n  in\n", "b\n"]);
    expect(
      await textsOf(
        "process.stdout.write(Buffer.from('ü').subarray(0, 1)); process.stdout.write(Buffer.from('ü').subarray(1));",
      ),
    ).toEqual(["ü", ""]);
    expect(
      await textsOf(
        "await new Promise((resolve) => process.stdout.write('ff', 'hex', resolve)); process.stderr.end('e');",
      ),
    ).toEqual(["\ufffd", "e"]);
    expect(await textsOf("process.stdout.destroy(); process.stdout.end(); console.log('still');")).toEqual([
      "still\n",
      "",
    ]);
  });

  test("pipelines, of which none ends the output for the next", async () => {
    const piped = (text: string) =>
      `await require('stream/promises').pipeline(require('stream').Readable.from(['${text}']), process.stdout);`;
    const many = Array.from({ length: 20 }, (_, i) => piped(`${i};`)).join("\n");
    expect(await textsOf(`${many} console.log('last');`)).toEqual([
      `${Array.from({ length: 20 }, (_, i) => `${i};`).join("")}last\n`,
      "",
    ]);
    expect(
      await textsOf("await new Promise((resolve) => process.stdout.end('ff', 'hex', resolve)); console.log('on');"),
    ).toEqual(["\ufffdon\n", ""]);
    expect(await textsOf("await new Promise((resolve) => process.stdout.end(resolve)); console.log('on');")).toEqual([
      "on\n",
      "",
    ]);
  });

  test("native code", async () => {
    expect(await textsOf("require('fs').writeSync(1, 'native'); require('fs').writeSync(2, 'wrong');")).toEqual([
      "native",
      "wrong",
    ]);
  });

  test("programs with inherited output", async () => {
    expect(await textsOf("require('child_process').execSync('echo out; echo err >&2', { stdio: 'inherit' });")).toEqual(
      ["out\n", "err\n"],
    );
    const large = "require('child_process').execSync('head -c 3000000 /dev/zero', { stdio: 'inherit' });";
    expect((await textsOf(large))[0]).toHaveLength(3_000_000);
  });

  test("worker threads", async () => {
    expect(
      await textsOf(
        "await new Promise((resolve) => new (require('worker_threads').Worker)('console.log(1)', { eval: true }).on('exit', resolve));",
      ),
    ).toEqual(["1\n", ""]);
  });
});

describe("output goes to the cell that caused it", () => {
  test("however late", async () => {
    await tester.run("setTimeout(() => console.log('late'), 30); Promise.resolve().then(() => console.log('soon'));");
    const cellId = tester.lastCellId;
    await tester.run("console.log('other'); await new Promise((resolve) => setTimeout(resolve, 60));");
    expect(tester.textOf(cellId)).toBe("soon\nlate\n");
    expect(tester.textOf(tester.lastCellId)).toBe("other\n");
  });

  test("errors that nobody catches too, and the executor lives", async () => {
    await tester.run(
      "setTimeout(() => { throw new RangeError('in a timer'); }, 1); Promise.reject(new TypeError('of a promise'));",
    );
    const cellId = tester.lastCellId;
    await tester.run("await new Promise((resolve) => setTimeout(resolve, 30));");
    const uncaughtOf = (id: number) =>
      tester.events.flatMap((one) => (one.cellId === id && one.event.kind === "uncaught" ? [one.event.error] : []));
    const position = expect.stringMatching(/In\[\d+\]:1:26/) as string;
    expect(uncaughtOf(cellId)).toMatchObject([
      { name: "TypeError", message: "of a promise" },
      { name: "RangeError", message: "in a timer", traceback: expect.arrayContaining([position]) as [] },
    ]);
    expect(uncaughtOf(tester.lastCellId)).toEqual([]);
    expect(tester.losses).toEqual([]);
  });
});

test("a cell at work is heard at once, also the last of many lines", async () => {
  const running = tester.run("for (let i = 0; i < 500; i++) console.log(i); for (;;);");
  const cellId = tester.lastCellId;
  await until(() => tester.textOf(cellId).endsWith("499\n"));
  tester.executor.interrupt();
  await running;
});

test("lines that come together are told together", async () => {
  await tester.run("for (let i = 0; i < 2000; i++) console.log(i);");
  expect(tester.events.filter(({ cellId }) => cellId === tester.lastCellId).length).toBeLessThan(100);
});

describe("50 MB of output arrive whole, in little memory", () => {
  const mostBytes = 300_000_000;

  test("as 500,000 lines", async () => {
    await tester.run("for (let i = 0; i < 500_000; i++) console.log(String(i).padStart(99, '.'));");
    const text = tester.textOf(tester.lastCellId);
    expect(text).toHaveLength(50_000_000);
    expect(text.split("\n").every((line, i) => i === 500_000 || line.endsWith(`.${i}`))).toBe(true);
    expect(memoryOf(tester.executor.processId).rssBytes).toBeLessThan(mostBytes);
    tester.events.length = 0;
  });

  test("as one string, whose pieces part no character", async () => {
    await tester.run("process.stdout.write('😀'.repeat(12_500_000));");
    expect(tester.events.every(({ event }) => event.kind === "stream" && !/\p{Surrogate}/u.test(event.text))).toBe(
      true,
    );
    expect(tester.textOf(tester.lastCellId)).toHaveLength(25_000_000);
    tester.events.length = 0;
  });
});

test("a reader that is slow is waited for", async () => {
  let isSlow = true;
  let length = 0;
  let go = () => {};
  await using slow = await startBuiltExecutor({
    onEvent: async (_, event) => {
      if (event.kind === "stream") length += event.text.length;
      if (isSlow) await new Promise<void>((resolve) => (go = resolve));
    },
  });
  const running = slow.run("for (let i = 0; i < 200_000; i++) console.log('x'.repeat(99)); globalThis.isDone = true;");
  await until(() => length > 0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(length).toBeLessThan(1_000_000);
  isSlow = false;
  go();
  expect(await running).toMatchObject({ status: "ok" });
  expect(length).toBe(20_000_000);
});
