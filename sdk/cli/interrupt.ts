const first = new AbortController();
const second = new AbortController();

/** Ctrl-C may come twice at once: from the terminal, and from the npm that started this process. */
const onceMilliseconds = 500;

/**
 * A signal that Ctrl-C, SIGTERM and a terminal that closes abort, so that finished work is kept and children are stopped. The listeners stay:
 * with none left, the library that cleans up children would end this process before it has told what is kept.
 */
export function interruptSignal(): AbortSignal {
  let interruptedAt = -Infinity;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      if (performance.now() - interruptedAt < onceMilliseconds) return;
      interruptedAt = performance.now();
      (first.signal.aborted ? second : first).abort();
    });
  }
  return first.signal;
}

/** A signal that is aborted when the user asks a second time: what does not end by itself is then to be killed. */
export const secondInterruptSignal = (): AbortSignal => second.signal;

/** Ends this process as SIGTERM does when its output has nowhere to go, as when `head` has seen enough. */
export function endWithOutput(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", () => {
      if (!wasInterrupted()) process.kill(process.pid, "SIGTERM");
    });
}

/** Whether the user ended this run. */
export const wasInterrupted = (): boolean => first.signal.aborted;
