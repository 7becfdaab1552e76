import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Subscriber } from "zeromq";
import { createPublisher, type Publisher } from "../../../../kernels/typescript/protocol/iopub.ts";

const scratch = mkdtempSync(join(tmpdir(), "numalab-iopub-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

let lastAddress = 0;

/** A publisher and front ends that have subscribed to it; each message is a topic, its number and ten kilobytes. */
async function published(patienceMilliseconds: number, subscribersCount: number) {
  const address = `ipc://${scratch}/${++lastAddress}`;
  const publisher = createPublisher({ lingerMilliseconds: 0, patienceMilliseconds });
  await publisher.bind(address);
  let greetedCount = 0;
  void publisher.eachSubscription(() => (greetedCount += 1));
  const subscribers = Array.from({ length: subscribersCount }, () => {
    const socket = new Subscriber({ receiveHighWaterMark: 1, linger: 0 });
    socket.subscribe();
    socket.connect(address);
    return socket;
  });
  await expect.poll(() => greetedCount).toBe(subscribersCount);
  return { publisher, subscribers };
}

async function sendAll(publisher: Publisher, count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    await publisher.send([Buffer.from("stream"), Buffer.from(String(number)), Buffer.alloc(10_000)]);
  }
}

async function receiveAll(socket: Subscriber, count: number): Promise<number[]> {
  const numbers: number[] = [];
  while (numbers.length < count) numbers.push(Number((await socket.receive())[1]));
  return numbers;
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

test("a front end that reads late gets every message in order, and the publisher waits for it", async () => {
  const { publisher, subscribers } = await published(60_000, 1);
  let isSent = false;
  const sending = sendAll(publisher, 2000).then(() => (isSent = true));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isSent).toBe(false);
  expect(await receiveAll(subscribers[0]!, 2000)).toEqual(upTo(2000));
  await sending;
  publisher.close();
});

test("a front end that hangs stops no other", async () => {
  const { publisher, subscribers } = await published(50, 2);
  const received = receiveAll(subscribers[0]!, 2000);
  await sendAll(publisher, 2000);
  expect((await received).at(-1)).toBe(1999);
  publisher.close();
  subscribers[1]!.close();
});
