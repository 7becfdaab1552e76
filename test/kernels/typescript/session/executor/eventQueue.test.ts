import { expect, test } from "vitest";
import type { CellEvent } from "../../../../../kernels/typescript/session/cell.ts";
import { createEventQueue } from "../../../../../kernels/typescript/session/executor/eventQueue.ts";

const text = (value: string, name: "stdout" | "stderr" = "stdout"): CellEvent => ({
  kind: "stream",
  name,
  text: value,
});

/** A queue whose reader takes each event only when told. */
function slowQueue() {
  const taken: string[] = [];
  const rooms: boolean[] = [];
  const takers: (() => void)[] = [];
  const queue = createEventQueue({
    onEvent(cellId, event) {
      taken.push(event.kind === "stream" ? `${cellId} ${event.name} ${event.text}` : `${cellId} ${event.kind}`);
      return new Promise((resolve) => takers.push(resolve));
    },
    onRoom: (isRoom) => void rooms.push(isRoom),
  });
  const take = async () => {
    takers.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, taken, rooms, take };
}

test("the first text goes on at once, and what comes meanwhile goes together, by stream and cell", async () => {
  const { queue, taken, take } = slowQueue();
  for (const value of ["a", "b", "c"]) queue.push(1, text(value));
  queue.push(1, text("wrong", "stderr"));
  queue.push(2, text("d"));
  expect(taken).toEqual(["1 stdout a"]);
  const flushed = queue.flush();
  for (let i = 0; i < 4; i++) await take();
  await flushed;
  expect(taken).toEqual(["1 stdout a", "1 stdout bc", "1 stderr wrong", "2 stdout d"]);
});

test("what is no text pushes the text before it on", async () => {
  const { queue, taken, take } = slowQueue();
  queue.push(1, text("a"));
  await take();
  queue.push(1, text("b"));
  expect(taken).toEqual(["1 stdout a"]);
  queue.push(1, { kind: "clear", wait: false });
  await take();
  await take();
  expect(taken).toEqual(["1 stdout a", "1 stdout b", "1 clear"]);
});

test("text that is alone goes on by itself after a moment", async () => {
  const taken: CellEvent[] = [];
  await new Promise<void>((resolve) => {
    const queue = createEventQueue({
      onEvent(_, event) {
        taken.push(event);
        if (taken.length === 2) resolve();
      },
      onRoom: () => undefined,
    });
    queue.push(1, text("a"));
    setImmediate(() => {
      queue.push(1, text("b"));
    });
  });
  expect(taken).toEqual([text("a"), text("b")]);
});

test("too much that waits is told, and that there is room again", async () => {
  const { queue, rooms, take } = slowQueue();
  for (let i = 0; i < 12; i++) queue.push(1, text("x".repeat(200_000)));
  expect(rooms).toEqual([false]);
  for (let i = 0; i < 12; i++) await take();
  expect(rooms).toEqual([false, true]);
});

test("a reader that fails does not stop the next event", async () => {
  const cellIds: number[] = [];
  const queue = createEventQueue({
    onEvent(cellId) {
      cellIds.push(cellId);
      throw new Error("the reader's own");
    },
    onRoom: () => undefined,
  });
  queue.push(1, text("a"));
  queue.push(2, text("b"));
  await queue.flush();
  expect(cellIds).toEqual([1, 2]);
});
