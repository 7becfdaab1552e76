import { expect, it } from "vitest";
import { createTaskQueue } from "../../../../../kernels/typescript/session/language/taskQueue.ts";
import type { TypeTask } from "../../../../../kernels/typescript/session/language/typeTask.ts";

const check = (id: number): TypeTask => ({ kind: "check", id, code: "", cellsCount: 0 });
const complete = (id: number): TypeTask => ({ kind: "complete", id, code: "", position: 0 });
const inspect = (id: number): TypeTask => ({ kind: "inspect", id, code: "", position: 0 });
const commit = (code: string): TypeTask => ({ kind: "commit", code });

/** What is done in which order, and what is never done. */
function orderOf(tasks: readonly TypeTask[]): { done: TypeTask[]; pointless: TypeTask[] } {
  const queue = createTaskQueue();
  const pointless = tasks.flatMap((task) => queue.push(task));
  const done: TypeTask[] = [];
  for (let task = queue.shift(); task !== null; task = queue.shift()) done.push(task);
  return { done, pointless };
}

it("cells come before questions, and questions before checks", () => {
  const tasks = [check(1), complete(2), commit("a"), check(3), commit("b"), inspect(4)];
  expect(orderOf(tasks).done).toEqual([commit("a"), commit("b"), inspect(4), complete(2), check(1), check(3)]);
});

it("only the newest completion is done", () => {
  expect(orderOf([complete(1), inspect(2), complete(3)])).toEqual({
    done: [complete(3), inspect(2)],
    pointless: [complete(1)],
  });
});

it("a fresh notebook makes all of the old one's tasks pointless", () => {
  const forget: TypeTask = { kind: "forget" };
  const old = [check(1), commit("a"), complete(2)];
  expect(orderOf([...old, forget, check(3)])).toEqual({ done: [forget, check(3)], pointless: old });
});

it("a check that was broken off comes before later ones", () => {
  const queue = createTaskQueue();
  queue.push(check(2));
  queue.putBack(check(1));
  queue.push(complete(3));
  expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual([complete(3), check(1), check(2), null]);
});
