import { expect, test } from "vitest";
import { compareEnvironment } from "../../sdk/measure/environmentChange.ts";
import { readEnvironment } from "../../sdk/measure/environmentSnapshot.ts";
import { machineRoot } from "./machineRoot.ts";
import { refusalOf } from "./refusalOf.ts";

const quiet = {
  "proc/stat": "cpu  1000 0 0 9000 0 0 0 0 0 0\ncpu0 500 0 0 0 0 0 0 0 0 0\ncpu1 500 0 0 0 0 0 0 0 0 0\n",
  "proc/7/stat": "7 (node) R 1 7 7 0 -1 0 0 0 0 0 400 100 0 0 20 0 1 0 9\n",
  "proc/pressure/cpu": "some avg10=0.00 avg60=0.00 avg300=0.00 total=1000000\n",
  "proc/self/cgroup": "0::/\n",
  "proc/self/mountinfo": "41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
  "sys/fs/cgroup/cpu.stat": "nr_throttled 0\nthrottled_usec 0\n",
  "sys/devices/system/cpu/cpufreq/policy0/scaling_governor": "performance\n",
};

type Files = Readonly<Record<string, string>>;

const snapshotOf = (files: Files, monotonicSeconds: number) => ({
  ...readEnvironment({ root: machineRoot(files), processIds: [7] }),
  monotonicSeconds,
});

/** What ten seconds on two CPUs did to the quiet machine. */
const compareAfter = (changed: Files) =>
  compareEnvironment(snapshotOf(quiet, 100), snapshotOf({ ...quiet, ...changed }, 110));

const cpuTimes = (line: string) => `cpu  ${line}\ncpu0 1 0 0 0 0 0 0 0 0 0\ncpu1 1 0 0 0 0 0 0 0 0 0\n`;

test("a quiet run changes nothing and warns of nothing", () => {
  expect(compareAfter({})).toEqual({
    change: {
      elapsedSeconds: 10,
      stealRatio: 0,
      foreignCpuRatio: 0,
      cpuPressureRatio: 0,
      throttledRatio: 0,
      governor: "performance",
      transparentHugePages: null,
      numaBalancing: null,
    },
    warnings: [],
  });
});

test("our own CPU time, with that of children that ended, is not foreign", () => {
  const { change, warnings } = compareAfter({
    "proc/stat": cpuTimes("2600 0 400 9000 0 0 0 0 0 0"),
    "proc/7/stat": "7 (node) R 1 7 7 0 -1 0 0 0 0 0 900 400 1000 100 20 0 1 0 9\n",
  });
  expect(change.foreignCpuRatio).toBeCloseTo(0.05);
  expect(warnings.map(({ code }) => code)).toEqual([]);
});

test.each<[code: string, changed: Files, message: string]>([
  [
    "steal",
    { "proc/stat": cpuTimes("1000 0 0 9000 0 0 0 40 0 0") },
    "2.0 % of the CPU time was taken by the hypervisor",
  ],
  ["foreign-load", { "proc/stat": cpuTimes("1300 0 0 9000 0 0 0 0 0 0") }, "15.0 % of the CPU time went to other"],
  [
    "throttled-by-quota",
    { "sys/fs/cgroup/cpu.stat": "nr_throttled 90\nthrottled_usec 4000000\n" },
    "40.0 % of the time the container's CPU quota held",
  ],
  [
    "cpu-pressure",
    { "proc/pressure/cpu": "some avg10=0.00 avg60=0.00 avg300=0.00 total=3500000\n" },
    "25.0 % of the time some task waited for a CPU; 10.0 % is",
  ],
  [
    "governor-not-performance",
    { "sys/devices/system/cpu/cpufreq/policy0/scaling_governor": "schedutil\n" },
    "The CPU frequency governor is schedutil; steady clocks need performance.",
  ],
])("%s is told with its share", (code, changed, message) => {
  const { warnings } = compareAfter(changed);
  expect(warnings.map((warning) => warning.code)).toEqual([code]);
  expect(warnings[0]!.message).toContain(message);
  expect(warnings[0]!.advice).not.toBe("");
});

test("throttling of several CPUs at once is the whole time at most", () => {
  const changed = { "sys/fs/cgroup/cpu.stat": "nr_throttled 90\nthrottled_usec 14000000\n" };
  expect(compareAfter(changed).change.throttledRatio).toBe(1);
});

test("what one of two snapshots does not know stays unknown, and warns of nothing", () => {
  const { change, warnings } = compareEnvironment(snapshotOf({}, 100), snapshotOf(quiet, 110));
  expect(change).toMatchObject({
    stealRatio: null,
    foreignCpuRatio: null,
    cpuPressureRatio: null,
    throttledRatio: null,
  });
  expect(warnings).toEqual([]);
});

test("snapshots in the wrong order are refused", () => {
  const [before, after] = [snapshotOf({}, 100), snapshotOf({}, 110)];
  expect(refusalOf(() => compareEnvironment(after, before))).toContain(
    "[invalid-request]: The second snapshot is 10.000 s older",
  );
});
