import { closeSync, existsSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A byte that this process and a worker share, because a worker that computes hears nothing: the engine itself looks at it
 * before each operation and stops.
 */
export interface CancelFlag extends Disposable {
  readonly path: string;
  set(): void;
}

/** The environment variable that tells a worker the path. */
export const cancelFlagVariable = "NUMALAB_CANCEL_FLAG";

let createdCount = 0;

/** Makes such a byte, unset. */
export function createCancelFlag(): CancelFlag {
  const folder = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
  const path = join(folder, `numalab-cancel-${process.pid}-${createdCount++}`);
  const file = openSync(path, "wx+", 0o600);
  writeSync(file, Buffer.alloc(2), 0, 2, 0);
  let isOpen = true;
  return {
    path,
    set() {
      if (isOpen) writeSync(file, Buffer.of(1), 0, 1, 0);
    },
    [Symbol.dispose]() {
      rmSync(path, { force: true });
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}
