import { expect, test } from "vitest";
import { readEnvironment } from "../../sdk/measure/environmentSnapshot.ts";
import { machineRoot } from "./machineRoot.ts";

const recorded = {
  "proc/stat":
    "cpu  7267 100 6140 401471 564 11 120 20 3000 50\ncpu0 2712 0 2394 202470 37 0 21 8 0 0\n" +
    "cpu1 4554 0 3746 199000 527 0 90 11 0 0\nintr 476307 0 0\nctxt 12\n",
  "proc/pressure/cpu":
    "some avg10=0.40 avg60=0.64 avg300=0.61 total=18043914\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
  "proc/pressure/memory":
    "some avg10=0.00 avg60=0.00 avg300=0.00 total=2500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=9\n",
  "proc/self/cgroup": "0::/box\n",
  "proc/self/mountinfo": "41 31 0:38 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw\n",
  "sys/fs/cgroup/box/cpu.stat": "usage_usec 5\nnr_periods 4567\nnr_throttled 3115\nthrottled_usec 12345678\n",
  "sys/devices/system/cpu/cpufreq/policy0/scaling_governor": "performance\n",
  "sys/devices/system/cpu/cpufreq/policy1/scaling_governor": "powersave\n",
  "sys/devices/system/cpu/cpufreq/policy2/scaling_governor": "performance\n",
  "sys/devices/system/cpu/cpufreq/boost": "1\n",
  "sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n",
  "proc/sys/kernel/numa_balancing": "1\n",
  "proc/sys/vm/swappiness": "60\n",
  "proc/loadavg": "0.12 0.18 0.15 2/345 6789\n",
  "proc/77/stat": "77 (odd) name (x) S 1 77 77 0 -1 4194304 2 0 0 0 150 50 20 30 20 0 1 0 9 9 9\n",
  "proc/78/stat": "78 (node) R 1 78 78 0 -1 4194304 2 0 0 0 200 0 0 0 20 0 1 0 9 9 9\n",
};

test("a snapshot holds what the kernel's files say", () => {
  const { takenAt, monotonicSeconds, ...rest } = readEnvironment({ root: machineRoot(recorded), processIds: [77, 78] });
  expect(new Date(takenAt).toISOString()).toBe(takenAt);
  expect(monotonicSeconds).toBeGreaterThan(0);
  expect(rest).toEqual({
    onlineCpusCount: 2,
    busyCpuSeconds: 136.38,
    stealCpuSeconds: 0.2,
    ownCpuSeconds: 4.5,
    cpuPressureSeconds: 18.043914,
    memoryPressureSeconds: 2.5,
    throttledSeconds: 12.345678,
    throttledPeriodsCount: 3115,
    governor: "performance,powersave",
    transparentHugePages: "madvise",
    numaBalancing: "1",
    swappiness: 60,
    loadAverage: 0.12,
  });
});

test("what a host lacks is null", () => {
  const known = Object.entries(readEnvironment({ root: machineRoot({}) })).filter(([, value]) => value !== null);
  expect(known.map(([name]) => name)).toEqual(["takenAt", "monotonicSeconds"]);
});

test("the CPU time of our own is unknown when one of our processes is gone", () => {
  expect(readEnvironment({ root: machineRoot(recorded), processIds: [77, 99] }).ownCpuSeconds).toBeNull();
});

test("this process's own CPU time is read unless others are named", () => {
  const before = readEnvironment().ownCpuSeconds ?? NaN;
  const start = process.cpuUsage();
  while (process.cpuUsage(start).user < 50_000);
  const seconds = (readEnvironment().ownCpuSeconds ?? NaN) - before;
  const used = process.cpuUsage(start);
  const tickSeconds = 0.01;
  expect(seconds).toBeGreaterThanOrEqual(0.05 - 2 * tickSeconds);
  expect(seconds).toBeLessThanOrEqual((used.user + used.system) / 1e6 + 3 * tickSeconds);
});
