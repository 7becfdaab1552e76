import { expect, test } from "vitest";
import { readThrottling } from "../../sdk/measure/throttling.ts";
import { machineRoot } from "./machineRoot.ts";

const unified = "41 31 0:38 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw\n";

test("version 2 counts in microseconds, and the throttling of every ancestor is ours", () => {
  const root = machineRoot({
    "proc/self/cgroup": "0::/pod/box\n",
    "proc/self/mountinfo": unified,
    "sys/fs/cgroup/cpu.stat": "usage_usec 135194258\nuser_usec 72673120\n",
    "sys/fs/cgroup/pod/cpu.stat": "usage_usec 9\nnr_periods 10\nnr_throttled 4\nthrottled_usec 1500000\n",
    "sys/fs/cgroup/pod/box/cpu.stat": "usage_usec 9\nnr_periods 10\nnr_throttled 3\nthrottled_usec 500000\n",
  });
  expect(readThrottling(root)).toEqual({ throttledSeconds: 2, throttledPeriodsCount: 7 });
});

test("version 1 counts in nanoseconds, in the hierarchy of the cpu controller", () => {
  const root = machineRoot({
    "proc/self/cgroup": "9:name=systemd:/\n4:memory:/a\n3:cpuset:/b\n1:cpu,cpuacct:/docker/box\n0::/\n",
    "proc/self/mountinfo":
      "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755\n" +
      "34 31 0:31 / /sys/fs/cgroup/cpuset rw,relatime - cgroup cgroup rw,cpuset\n" +
      "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n" +
      "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n",
    "sys/fs/cgroup/cpu,cpuacct/cpu.stat": "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n",
    "sys/fs/cgroup/cpu,cpuacct/docker/box/cpu.stat": "nr_periods 9\nnr_throttled 5\nthrottled_time 2500000000\n",
  });
  expect(readThrottling(root)).toEqual({ throttledSeconds: 2.5, throttledPeriodsCount: 5 });
});

test("a container that sees its own group at the mount point is read there", () => {
  const root = machineRoot({
    "proc/self/cgroup": "0::/docker/box/inner\n",
    "proc/self/mountinfo": "41 31 0:38 /docker/box /sys/fs/cgroup ro,relatime - cgroup2 cgroup rw\n",
    "sys/fs/cgroup/cpu.stat": "nr_periods 2\nnr_throttled 1\nthrottled_usec 1000000\n",
    "sys/fs/cgroup/inner/cpu.stat": "nr_periods 2\nnr_throttled 1\nthrottled_usec 250000\n",
  });
  expect(readThrottling(root)).toEqual({ throttledSeconds: 1.25, throttledPeriodsCount: 2 });
});

test("without a quota's counters nothing is said", () => {
  const root = machineRoot({
    "proc/self/cgroup": "0::/\n",
    "proc/self/mountinfo": unified,
    "sys/fs/cgroup/cpu.stat": "usage_usec 135194258\n",
  });
  expect(readThrottling(root)).toEqual({ throttledSeconds: null, throttledPeriodsCount: null });
});
