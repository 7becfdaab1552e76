import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBuiltExecutor, until, type TestExecutor } from "./executor/builtExecutor.ts";
import { memoryOf, processesWith, ticksOf } from "./executor/processes.ts";

let tester: TestExecutor;
beforeAll(async () => {
  tester = await startBuiltExecutor();
});
afterAll(() => tester[Symbol.asyncDispose]());

describe("the death of the process is an error of its cell, and the next cell runs", () => {
  const deaths = {
    "by a fault in native code": ["process.kill(process.pid, 'SIGSEGV');", "SIGSEGV"],
    "by an abort": ["await null; process.abort();", "SIGABRT"],
    "by an exit that goes round us": ["process.reallyExit(3);", "exit code 3"],
  } as const;
  for (const [name, [code, reason]] of Object.entries(deaths))
    test(name, async () => {
      const count = tester.losses.length;
      await tester.run("let before = 1; console.log('heard');");
      expect(tester.textOf(tester.lastCellId)).toBe("heard\n");
      const outcome = await tester.run(`console.log("last words"); ${code}`);
      expect(outcome).toMatchObject({ status: "error", error: { name: "ExecutorDied" } });
      const message = outcome.status === "error" ? outcome.error.message : "";
      expect(message).toContain(reason);
      expect(message).toContain("all variables are lost");
      expect(tester.textOf(tester.lastCellId)).toBe("last words\n");
      expect(tester.losses.slice(count)).toEqual([message]);
      expect(await tester.valueOf("typeof before")).toBe("'undefined'");
    });

  for (const end of ["process.abort()", "process.reallyExit(3)", "process.kill(process.pid, 'SIGKILL')"])
    test(`by ${end}, after everything that was printed`, async () => {
      await tester.run(`for (let i = 0; i < 200; i++) console.log(i); ${end}; for (;;);`);
      expect(tester.textOf(tester.lastCellId).split("\n")).toHaveLength(201);
    });

  test("for want of memory", async () => {
    await using other = await startBuiltExecutor({ command: ["env", "NODE_OPTIONS=--max-old-space-size=64"] });
    const outcome = await other.run("const all = []; for (;;) all.push(new Array(10_000).fill(0.5));");
    expect(outcome).toMatchObject({
      error: { name: "ExecutorDied", message: expect.stringContaining("ran out of memory") as string },
    });
    expect(await other.valueOf("1")).toBe("1");
  });

  test("between cells too", async () => {
    const count = tester.losses.length;
    await tester.run("setTimeout(() => process.abort(), 20)");
    await until(() => tester.losses.length > count);
    expect(await tester.valueOf("1 + 1")).toBe("2");
  });
});

test("process.exit is an error, and nothing is lost", async () => {
  await tester.run("let stays = 1;");
  const outcome = await tester.run("process.exit(2)");
  expect(outcome).toMatchObject({ status: "error", error: { name: "SystemExit" } });
  expect(await tester.valueOf("stays")).toBe("1");
});

test("settings outlive the process", async () => {
  await tester.run("kernel.typeChecking = 'error'; kernel.showTime = true;");
  await tester.run("process.abort()");
  expect(await tester.valueOf("[kernel.typeChecking, kernel.showTime]")).toBe("[ 'error', true ]");
});

describe("a process that does not start", () => {
  test("makes its cell fail with the reason, and is tried again", async () => {
    await using other = await startBuiltExecutor({ command: ["sh", "-c", "echo no such node >&2; exit 3", "--"] });
    for (let round = 0; round < 2; round++)
      expect(await other.run("1")).toMatchObject({
        status: "error",
        error: { name: "ExecutorDied", message: expect.stringMatching(/exit code 3: no such node/) as string },
      });
    expect(other.losses).toEqual([]);
    await other.executor.restart([]);
    expect(await other.valueOf("1")).toBe("1");
  });

  test("for want of its program or its folder", async () => {
    await expect(tester.executor.restart(["/nowhere/numactl"])).rejects.toThrow("/nowhere/numactl");
    await tester.executor.restart([]);
    await using other = await startBuiltExecutor({ workingFolder: "/nowhere" });
    expect(await other.run("1")).toMatchObject({
      error: { message: expect.stringContaining("there is no folder /nowhere") as string },
    });
  });
});

test("a restart binds as told, loses the variables and says so to no one", async () => {
  const count = tester.losses.length;
  await tester.run("let gone = 1;");
  await tester.executor.restart(["taskset", "-c", "0"]);
  const { processId } = tester.executor;
  expect(
    await tester.valueOf("[typeof gone, kernel.binding.cpus, kernel.binding.command.join(' '), process.pid]"),
  ).toBe(`[ 'undefined', '0', 'taskset -c 0', ${processId} ]`);
  expect(tester.losses).toHaveLength(count);
  await tester.executor.restart([]);
});

/** Starts programs in every way that escapes a parent; they carry a name by which they are found. */
const spawnEscaping = (name: string) => `{
  const { spawn } = require("child_process");
  const script = "exec -a ${name} sleep 100";
  spawn("bash", ["-c", script]);
  spawn("bash", ["-c", script], { detached: true, stdio: "ignore" }).unref();
  spawn("setsid", ["-f", "bash", "-c", script], { stdio: "ignore" });
  spawn("bash", ["-c", "trap '' TERM INT HUP; " + script], { detached: true });
  spawn("env", ["-i", "setsid", "bash", "-c", script]);
  new (require("worker_threads").Worker)("setInterval(() => {}, 1000)", { eval: true });
}`;

describe("no process is left", () => {
  async function escaping() {
    const name = `numalab-${randomUUID()}`;
    await tester.run(spawnEscaping(name));
    await until(() => processesWith(`${name} 100`).length === 5);
    return () => processesWith(name);
  }

  test("after a restart, detached programs included", async () => {
    const left = await escaping();
    await tester.executor.restart([]);
    await until(() => left().length === 0);
  });

  test("of what a process that died had started, as far as it is known by its session, parent or environment", async () => {
    const name = `numalab-${randomUUID()}`;
    await tester.run(`require("child_process").spawn("setsid", ["-f", "bash", "-c", "exec -a ${name} sleep 100"])`);
    await until(() => processesWith(`${name} 100`).length === 1);
    await tester.run("process.abort()");
    await until(() => processesWith(name).length === 0);
  });

  const lastCells = [
    "",
    "for (;;);",
    "for (;;) console.log('x'.repeat(1000));",
    "require('child_process').spawnSync('sleep', ['100']);",
    "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);",
  ];
  for (const lastCell of lastCells)
    test(`after the parent was killed while the cell was ${lastCell === "" ? "none" : lastCell}`, async () => {
      const name = `numalab-${randomUUID()}`;
      const module = new URL("../../../../dist/kernels/typescript/session/executor.js", import.meta.url).href;
      const script = `
        const { startExecutor } = await import(${JSON.stringify(module)});
        const ignore = () => {};
        const executor = startExecutor({ workingFolder: "/tmp", command: ["env", "${name}=1"], onEvent: ignore, onRequest: ignore, onLost: ignore });
        const run = (code) => executor.run({ cellId: 1, executionCount: 1, javascript: code, code, expressions: {}, isSilent: false });
        await run(${JSON.stringify(spawnEscaping(name))});
        console.log(executor.processId);
        run(${JSON.stringify(lastCell)});
        setInterval(ignore, 1e6);`;
      const parent = spawn(process.execPath, ["--input-type=module", "--eval", script], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const processId = await new Promise<number>((resolve) =>
        parent.stdout.once("data", (text) => {
          resolve(Number(text));
        }),
      );
      await until(() => processesWith(`${name} 100`).length === 5);
      parent.kill("SIGKILL");
      await until(() => processesWith(`${name} 100`).length === 0 && Number.isNaN(memoryOf(processId).rssBytes));
    });

  test("after 20 starts and stops, some of them at once", async () => {
    const ids: number[] = [];
    for (let round = 0; round < 10; round++) {
      const [one, other] = await Promise.all([startBuiltExecutor(), startBuiltExecutor()]);
      if (round % 2 === 0) await one.run("1");
      ids.push(one.executor.processId, other.executor.processId);
      await Promise.all([one[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
    }
    expect(ids.filter((id) => !Number.isNaN(memoryOf(id).rssBytes))).toEqual([]);
  });

  test("and a cell that runs meanwhile ends with an error", async () => {
    const other = await startBuiltExecutor();
    const running = other.run("console.log(1); for (;;);");
    await until(() => other.textOf(1) !== "");
    await other.executor.close();
    expect(await running).toMatchObject({ error: { name: "ExecutorDied" } });
    expect(other.losses).toEqual([]);
  });
});

test("an executor is small, and does nothing when there is nothing to do", async () => {
  await using fresh = await startBuiltExecutor();
  await fresh.run("1");
  const { processId } = fresh.executor;
  expect(memoryOf(processId).rssBytes).toBeLessThan(66_000_000); // 44 MB of it are a Node that does nothing
  for (let round = 0; round < 400; round++)
    await fresh.run(`let x${round % 20} = ${round}; __numalab.result(x${round % 20});`);
  expect(memoryOf(processId).rssBytes).toBeLessThan(75_000_000);
  const before = ticksOf(processId);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(ticksOf(processId) - before).toBeLessThan(2);
});
