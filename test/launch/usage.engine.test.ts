import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { openUsageReader, usageBetween } from "numalab/launch";
import { expect, test } from "vitest";

/** For each byte that it gets, takes one second of CPU time, however busy the machine is, and says the number of its process. */
const busy = `
  const { readSync, writeSync } = require("node:fs");
  globalThis.memory = Buffer.alloc(64 * 2 ** 20, 1);
  while (readSync(0, Buffer.alloc(1)) > 0) {
    const begun = process.cpuUsage();
    for (let used = process.cpuUsage(begun); used.user + used.system < 1e6; used = process.cpuUsage(begun));
    writeSync(1, process.pid + "\\n");
  }`;

/** A shell that leads a process group in which a program runs. */
function startShell() {
  const shell = spawn("sh", ["-c", `"$0" -e "$1"; exit`, process.execPath, busy], {
    detached: true,
    stdio: ["pipe", "pipe", "inherit"],
  });
  const processId = shell.pid!;
  const stop = (): void => {
    process.kill(-processId, "SIGKILL");
  };
  const lines = createInterface({ input: shell.stdout });
  const takeSecond = async (): Promise<string> => {
    shell.stdin.write(".");
    const [line] = (await once(lines, "line")) as [string];
    return line;
  };
  return { processId, takeSecond, [Symbol.dispose]: stop };
}

test("an instance is a shell and its child: the time, the threads and the memory of both", async () => {
  using shell = startShell();
  const readUsage = openUsageReader();
  const child = await shell.takeSecond();
  const before = await readUsage([shell.processId]);
  await shell.takeSecond();
  const { instances, elapsedSeconds } = usageBetween(before, await readUsage([shell.processId]));
  expect(instances).toHaveLength(1);
  const [instance] = instances as [(typeof instances)[number]];
  const usedSeconds = (instance.busyCpusCount ?? 0) * elapsedSeconds;
  expect(usedSeconds).toBeGreaterThan(0.5);
  expect(usedSeconds).toBeLessThan(1.3);
  expect(instance.threadsCount).toBe(readdirSync(`/proc/${child}/task`).length + 1);
  expect(instance.residentBytes).toBeGreaterThan(64 * 2 ** 20);
  const pages = Object.values(instance.pagesByNode ?? {});
  if (pages.length > 0) expect(pages.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(16_384);
});
