/** What waits for one socket, sent in the order it was put. */
export interface Outbox {
  /** Resolves at once while little waits, otherwise when this message was sent. */
  put(frames: Uint8Array[]): Promise<void>;
  /** Resolves when all that was put so far was sent. */
  sent(): Promise<void>;
}

/** An outbox that lets this many bytes wait before it holds its writers back. `send` tells its failures elsewhere and never rejects. */
export function createOutbox(
  send: (frames: Uint8Array[]) => Promise<void>,
  { limitBytes }: { readonly limitBytes: number },
): Outbox {
  let last: Promise<void> = Promise.resolve();
  let waitingBytes = 0;
  return {
    put(frames) {
      const bytes = frames.reduce((sum, frame) => sum + frame.byteLength, 0);
      waitingBytes += bytes;
      last = last
        .then(() => send(frames))
        .finally(() => {
          waitingBytes -= bytes;
        });
      return waitingBytes <= limitBytes ? Promise.resolve() : last;
    },
    sent: () => last,
  };
}
