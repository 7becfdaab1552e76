const checkMilliseconds = 2000;

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Calls back once when the program that started this kernel is gone. Jupyter names it by JPY_PARENT_PID; without that
 * variable nobody owns the kernel, and nothing is watched.
 */
export function watchParent(onGone: () => void): void {
  const parentId = Number(process.env["JPY_PARENT_PID"]);
  if (!Number.isInteger(parentId) || parentId <= 0) return;
  const isOurs = process.ppid === parentId;
  const timer = setInterval(() => {
    if (isOurs ? process.ppid === parentId : isAlive(parentId)) return;
    clearInterval(timer);
    onGone();
  }, checkMilliseconds);
  timer.unref();
}
