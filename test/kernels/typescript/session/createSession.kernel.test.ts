import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { CellEvent, CellOutcome } from "../../../../kernels/typescript/session/cell.ts";
import type { createSession as CreateSession } from "../../../../kernels/typescript/session/createSession.ts";
import type { BindingRequest } from "../../../../kernels/typescript/session/globals.ts";
import type { Session } from "../../../../kernels/typescript/session/session.ts";

const built = join(import.meta.dirname, "../../../../dist/kernels/typescript/session/createSession.js");

let session: Session | null = null;
let events: CellEvent[] = [];
let cellsCount = 0;

async function open(binding: BindingRequest = {}): Promise<void> {
  const { createSession } = (await import(built)) as { createSession: typeof CreateSession };
  events = [];
  session = createSession({
    workingFolder: tmpdir(),
    binding,
    onEvent: (_, event) => void events.push(event),
  });
}

function run(code: string, expressions: Record<string, string> = {}): Promise<CellOutcome> {
  cellsCount += 1;
  return session!.run({ id: cellsCount, executionCount: cellsCount, code, isSilent: false, expressions });
}

const resultOf = () => events.filter((event) => event.kind === "result").at(-1)?.data["text/plain"];
const remarks = () => events.flatMap((event) => (event.kind === "remark" ? [event.text] : []));

afterEach(async () => {
  await session?.close();
  session = null;
});

test("a cell with a type error runs, and a remark tells the error", async () => {
  await open();
  expect(await run('const count: number = "three"; count')).toMatchObject({ status: "ok" });
  expect(resultOf()).toBe("'three'");
  await expect.poll(remarks, { timeout: 20_000 }).toEqual([expect.stringContaining("TS2322")]);
});

test("where types are to keep a cell from running, it does not run and declares nothing", async () => {
  await open();
  await run('kernel.typeChecking = "error"');
  const refused = await run('let ran: number = "yes"');
  expect(refused).toMatchObject({ status: "error", error: { name: "TypeCheckError" } });
  await run("kernel.typeChecking = 'off'");
  expect(await run("ran")).toMatchObject({ error: { name: "ReferenceError" } });
});

test("everything about types is told when the session says so", async () => {
  await open();
  await run('const size: number = "large"');
  await session!.checked();
  expect(remarks()).toEqual([expect.stringContaining("TS2322")]);
});

test("a restart behind a cell is told, and done before the next", async () => {
  await open();
  await run("setTimeout(() => kernel.restart(), 20); const gone = 1");
  await expect.poll(remarks).toEqual([expect.stringContaining("all variables are gone")]);
  await run("const after = 2");
  expect(await run("gone")).toMatchObject({ error: { name: "ReferenceError" } });
  await run("after");
  expect(resultOf()).toBe("2");
});

test("a restart by a cell forgets its variables and binds anew, read back from /proc", async () => {
  await open();
  await run("const kept = 1; kernel.restart({ cpus: '0' })");
  expect(await run("kept")).toMatchObject({ error: { name: "ReferenceError" } });
  await run("kernel.binding.cpus");
  expect(resultOf()).toBe("'0'");
});

test("a binding that this machine does not have is refused by the first cell, with what it has", async () => {
  await open({ nodeIndex: 99 });
  const outcome = await run("1");
  expect(outcome).toMatchObject({ status: "error", error: { name: "LaunchError" } });
  expect(JSON.stringify(outcome)).toContain("99");
});

test("expressions are evaluated after a cell, each with its own fault", async () => {
  await open();
  const outcome = await run("const x = 20 as number", { double: "(x as number) * 2", broken: "x +", thrown: "x.y.z" });
  expect(outcome).toMatchObject({
    status: "ok",
    expressions: {
      double: { data: { "text/plain": "40" } },
      broken: { error: { name: "SyntaxError" } },
      thrown: { error: { name: "TypeError" } },
    },
  });
});

test("the time of a cell is shown when it is asked for", async () => {
  await open();
  await run("kernel.showTime = true");
  await run("await new Promise((resolve) => setTimeout(resolve, 30)); kernel.lastCellSeconds");
  expect(remarks().at(-1)).toMatch(/^\d+\.\d{3} s$/);
});

test("members of a value without a type are completed from the running program", async () => {
  await open();
  await run("const anything: any = { alphabet: 1 }");
  const complete = () => session!.complete("anything.alp", 12);
  await expect.poll(async () => (await complete()).matches, { timeout: 20_000 }).toEqual(["alphabet"]);
});
