import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { formatMemorySample } from "../../sdk/host/formatCheckup.ts";
import { needOf } from "../../sdk/host/memoryNeed.ts";
import { watchMemory } from "../../sdk/host/watch.ts";
import { machineRoot } from "../measure/machineRoot.ts";

const meminfo = (availableMebibytes: number) =>
  `MemTotal: ${64 * 1024} kB\nMemFree: 0 kB\nMemAvailable: ${availableMebibytes * 1024} kB\n`;
const pressure = (percent: string) => `some avg10=${percent} avg60=0.00 avg300=0.00 total=1\n`;

test("memory that falls below the need, and pressure, raise alerts", async () => {
  const root = machineRoot({ "proc/meminfo": meminfo(60), "proc/pressure/memory": pressure("0.00") });
  const spec = { root, need: needOf(20 * 2 ** 20), intervalSeconds: 0.001, samplesCount: 3 };
  const changes = [
    () => {
      writeFileSync(join(root, "proc/meminfo"), meminfo(25));
    },
    () => {
      writeFileSync(join(root, "proc/pressure/memory"), pressure("40.00"));
    },
  ];
  const seen: string[][] = [];
  for await (const { alerts } of watchMemory(spec)) {
    seen.push(alerts.map(({ code }) => code));
    changes.shift()?.();
  }
  expect(seen).toEqual([[], ["memory-short"], ["memory-short", "memory-pressure"]]);
});

test("a signal ends the watch at once", async () => {
  const controller = new AbortController();
  const root = machineRoot({ "proc/meminfo": meminfo(60) });
  let count = 0;
  for await (const { pressureRatio } of watchMemory({ root, intervalSeconds: 3600, signal: controller.signal })) {
    expect(pressureRatio).toBeNull();
    count += 1;
    setImmediate(() => {
      controller.abort();
    });
  }
  expect(count).toBe(1);
});

test("a sample is one line, and one more for each alert", async () => {
  const root = machineRoot({ "proc/meminfo": meminfo(10) });
  for await (const sample of watchMemory({ root, need: needOf(20 * 2 ** 20), samplesCount: 1 })) {
    expect(formatMemorySample({ ...sample, takenAt: "now" }).split("\n")).toEqual([
      "now  available 10 MiB  memory pressure – /proc/pressure/memory tells none (boot with psi=1)",
      expect.stringMatching(/^ALERT \[memory-short\] 10 MiB are available; a need of 20 MiB/),
    ]);
  }
});
