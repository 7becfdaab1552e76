import { setTimeout as delay } from "node:timers/promises";
import { XPublisher } from "zeromq";

/** So many messages wait in the socket for the slowest front end before the kernel is held back. */
const waitingMessagesCount = 200;
const retryMilliseconds = 2;

/** The socket that publishes to every front end. None loses a message for being slow, and one that hangs stops no other. */
export interface Publisher {
  bind(address: string): Promise<void>;
  send(frames: Uint8Array[]): Promise<void>;
  /** Calls back with the topic of each new subscription, until the socket is closed. */
  eachSubscription(onSubscription: (topic: Uint8Array) => void): Promise<void>;
  close(): void;
}

/** Whether the socket took the message; not while a front end is behind. */
async function isTaken(socket: XPublisher, frames: Uint8Array[]): Promise<boolean> {
  try {
    await socket.send(frames);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === "EAGAIN") return false;
    throw error;
  }
}

async function sendToResponsive(socket: XPublisher, frames: Uint8Array[]): Promise<void> {
  socket.noDrop = false;
  await socket.send(frames);
  socket.noDrop = true;
}

/** How long a publisher waits. */
export interface PublisherOptions {
  /** For front ends to take what was sent, when it is closed. */
  readonly lingerMilliseconds: number;
  /** For a front end that takes nothing; after this it gets no more until it takes something again. */
  readonly patienceMilliseconds: number;
}

/** A publisher that is not bound yet. */
export function createPublisher({ lingerMilliseconds, patienceMilliseconds }: PublisherOptions): Publisher {
  const socket = new XPublisher({
    linger: lingerMilliseconds,
    sendHighWaterMark: waitingMessagesCount,
    noDrop: true,
    verbosity: "allSubs",
  });
  let isPatient = true;
  return {
    bind: (address) => socket.bind(address),
    async send(frames) {
      const giveUpAt = performance.now() + (isPatient ? patienceMilliseconds : 0);
      isPatient = true;
      while (!(await isTaken(socket, frames))) {
        isPatient = performance.now() < giveUpAt;
        if (!isPatient) return sendToResponsive(socket, frames);
        await delay(retryMilliseconds);
      }
    },
    async eachSubscription(onSubscription) {
      for await (const [frame] of socket) if (frame?.[0] === 1) onSubscription(frame.subarray(1));
    },
    close() {
      socket.close();
    },
  };
}
