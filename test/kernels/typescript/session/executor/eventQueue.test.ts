import { expect, test } from "vitest";
import type { CellEvent } from "../../../../../kernels/typescript/session/cell.ts";
import { createEventQueue, type EventQueue } from "../../../../../kernels/typescript/session/executor/eventQueue.ts";

const text = (value: string, name: "stdout" | "stderr" = "stdout"): CellEvent => ({
  kind: "stream",
  name,
  text: value,
});

/** Hands a text over with its length. */
function pushText(queue: EventQueue, cellId: number, value: string): void {
  queue.push(cellId, text(value), value.length);
}

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
  for (const value of ["a", "b", "c"]) pushText(queue, 1, value);
  queue.push(1, text("wrong", "stderr"), 5);
  pushText(queue, 2, "d");
  expect(taken).toEqual(["1 stdout a"]);
  const flushed = queue.flush();
  for (let i = 0; i < 4; i++) await take();
  await flushed;
  expect(taken).toEqual(["1 stdout a", "1 stdout bc", "1 stderr wrong", "2 stdout d"]);
});

test("what is no text pushes the text before it on", async () => {
  const { queue, taken, take } = slowQueue();
  pushText(queue, 1, "a");
  await take();
  pushText(queue, 1, "b");
  expect(taken).toEqual(["1 stdout a"]);
  queue.push(1, { kind: "clear", wait: false }, 1);
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
    pushText(queue, 1, "a");
    setImmediate(() => {
      pushText(queue, 1, "b");
    });
  });
  expect(taken).toEqual([text("a"), text("b")]);
});

test("too much that waits is told, and that there is room again", async () => {
  const { queue, rooms, take } = slowQueue();
  for (let i = 0; i < 12; i++) pushText(queue, 1, "x".repeat(200_000));
  expect(rooms).toEqual([false]);
  for (let i = 0; i < 12; i++) await take();
  expect(rooms).toEqual([false, true]);
});

test("what is shown counts as text does", async () => {
  const { queue, rooms, take } = slowQueue();
  const shown: CellEvent = { kind: "page", data: { "text/plain": "x".repeat(200_000) } };
  for (let i = 0; i < 12; i++) queue.push(1, shown, 200_000);
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
  pushText(queue, 1, "a");
  pushText(queue, 2, "b");
  await queue.flush();
  expect(cellIds).toEqual([1, 2]);
});
