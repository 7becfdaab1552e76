import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { openUsageReader, usageBetween } from "numalab/launch";
import { expect, test } from "vitest";

/** Says a line for each second in which it kept a CPU busy, with the number of its process. */
const busy = `
  globalThis.memory = Buffer.alloc(64 * 2 ** 20, 1);
  for (;;) {
    require("node:fs").writeSync(1, process.pid + "\\n");
    const end = performance.now() + 1000;
    while (performance.now() < end);
  }`;

/** A shell that leads a process group in which a program runs. */
function startShell() {
  const shell = spawn("sh", ["-c", `"$0" -e "$1"; exit`, process.execPath, busy], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const processId = shell.pid!;
  const stop = (): void => {
    process.kill(-processId, "SIGKILL");
  };
  return { processId, lines: createInterface({ input: shell.stdout }), [Symbol.dispose]: stop };
}

test("a shell whose child keeps one CPU busy uses one CPU, with the threads and the memory of both", async () => {
  using shell = startShell();
  const readUsage = openUsageReader();
  const [child] = (await once(shell.lines, "line")) as [string];
  const before = await readUsage([shell.processId]);
  await once(shell.lines, "line");
  const { instances } = usageBetween(before, await readUsage([shell.processId]));
  expect(instances).toHaveLength(1);
  const [instance] = instances as [(typeof instances)[number]];
  expect(instance.busyCpusCount).toBeGreaterThan(0.5);
  expect(instance.busyCpusCount).toBeLessThan(1.3);
  expect(instance.threadsCount).toBe(readdirSync(`/proc/${child}/task`).length + 1);
  expect(instance.residentBytes).toBeGreaterThan(64 * 2 ** 20);
  const pages = Object.values(instance.pagesByNode ?? {});
  if (pages.length > 0) expect(pages.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(16_384);
});
