const controller = new AbortController();

/**
 * A signal that Ctrl-C and SIGTERM abort, so that finished work is kept and children are stopped. The listeners stay:
 * with none left, the library that cleans up children would end this process before it has told what is kept.
 */
export function interruptSignal(): AbortSignal {
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      controller.abort();
    });
  }
  return controller.signal;
}

/** Whether the user ended this run. */
export const wasInterrupted = (): boolean => controller.signal.aborted;
