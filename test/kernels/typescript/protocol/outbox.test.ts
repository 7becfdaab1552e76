import { expect, test } from "vitest";
import { createOutbox } from "../../../../kernels/typescript/protocol/outbox.ts";

/** A socket that sends when it is let. */
function gatedSocket() {
  const sent: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    sent,
    send: async ([frame]: Uint8Array[]) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      sent.push(Buffer.from(frame!).toString());
    },
    async release() {
      waiting.shift()?.();
      await new Promise(setImmediate);
    },
  };
}

test("messages leave in the order they were put, one at a time", async () => {
  const socket = gatedSocket();
  const outbox = createOutbox(socket.send, { limitBytes: 100 });
  for (const text of ["a", "b", "c"]) await outbox.put([Buffer.from(text)]);
  await new Promise(setImmediate);
  expect(socket.sent).toEqual([]);
  for (let count = 0; count < 3; count++) await socket.release();
  await outbox.sent();
  expect(socket.sent).toEqual(["a", "b", "c"]);
});

test("whoever puts more than may wait is held back until that has left", async () => {
  const socket = gatedSocket();
  const outbox = createOutbox(socket.send, { limitBytes: 4 });
  await outbox.put([Buffer.from("abcd")]);
  let isHeld = true;
  void outbox.put([Buffer.from("e")]).then(() => (isHeld = false));
  await socket.release();
  expect(isHeld).toBe(true);
  await socket.release();
  expect(isHeld).toBe(false);
});
