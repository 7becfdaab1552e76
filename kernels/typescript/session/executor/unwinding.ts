import { leaveAsyncContexts } from "./asyncStack.ts";
import { shared } from "./cellContext.ts";
import { stopping } from "./sharedState.ts";
import { innermostFiles } from "./stackTrace.ts";

const ownFolder = new URL(".", import.meta.url).href;
/**
 * Where Node enters and leaves asynchronous contexts. V8 looks for an interrupt where a function begins, and then runs on to the
 * next such place: one of these must not be entered half.
 */
const unstoppableFiles = new Set([
  "node:async_hooks",
  "node:internal/async_hooks",
  "node:internal/process/task_queues",
  "node:internal/timers",
]);
/** The watchdog answers within a millisecond or two. */
const mostMilliseconds = 1000;

/**
 * Whether nothing is left half done when V8 stops the main thread here. Our own code must come to its end; what Node does for a cell
 * should, as long as the watchdog is polite.
 */
function isStoppable(files: readonly string[], isPolite: boolean): boolean {
  const ofCell = files.findIndex((file) => !file.startsWith("node:") && !file.startsWith(ownFolder));
  const above = ofCell === -1 ? files : files.slice(0, ofCell);
  if (above.some((file) => file.startsWith(ownFolder)) || unstoppableFiles.has(above[0] ?? "")) return false;
  return above.length === 0 || !isPolite;
}

/**
 * Readies the main thread for being stopped, if it may be stopped where it is. The watchdog calls it, in the midst of whatever the
 * main thread does; it waits until V8 is told, so that nothing else happens before.
 */
export function unwind(isPolite: boolean): void {
  if (!isStoppable(innermostFiles(unwind), isPolite)) {
    shared.stopping = stopping.refused;
    return;
  }
  leaveAsyncContexts();
  shared.stopping = stopping.ready;
  const deadline = performance.now() + mostMilliseconds;
  while (shared.stopping === stopping.ready && performance.now() < deadline); // Atomics.wait cannot wait within itself
}
