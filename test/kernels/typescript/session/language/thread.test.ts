import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { connectThread } from "../../../../../kernels/typescript/session/language/thread.ts";
import type { TypeTask } from "../../../../../kernels/typescript/session/language/typeTask.ts";

const inspect = (id: number): TypeTask => ({ kind: "inspect", id, code: "", position: 0 });

/** A thread that runs some JavaScript, and what it said when it was lost. */
function startThread(javascript: string) {
  const reasons: string[] = [];
  const worker = new Worker(`const { parentPort } = require("node:worker_threads"); ${javascript}`, { eval: true });
  return { reasons, thread: connectThread(worker, (reason) => void reasons.push(reason)) };
}

it("answers come to those who asked", async () => {
  const answering = 'parentPort.on("message", ({ id }) => parentPort.postMessage({ id, answer: [String(id)] }));';
  const { thread, reasons } = startThread(answering);
  expect(await Promise.all([thread.ask(inspect), thread.ask(inspect)])).toEqual([["1"], ["2"]]);
  await thread.close();
  expect(reasons).toEqual([]);
});

it.each([
  ["throws", 'parentPort.on("message", () => { throw new Error("no more memory") })', /: no more memory$/],
  ["ends", 'parentPort.on("message", () => process.exit(3))', /: it ended with code 3$/],
])("a thread that %s is told of once, and then knows nothing", async (_, javascript, reason) => {
  const { thread, reasons } = startThread(javascript);
  expect(await Promise.all([thread.ask(inspect), thread.ask(inspect)])).toEqual([null, null]);
  expect(await thread.ask(inspect)).toBe(null);
  thread.tell({ kind: "forget" });
  await thread.close();
  expect(reasons).toEqual([expect.stringMatching(reason)]);
});

it("a closed thread answers nothing and is not lost", async () => {
  const { thread, reasons } = startThread('parentPort.on("message", () => {})');
  const asked = thread.ask(inspect);
  await thread.close();
  expect(await asked).toBe(null);
  expect(reasons).toEqual([]);
});
