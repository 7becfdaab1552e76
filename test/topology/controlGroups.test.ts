import { expect, test } from "vitest";
import { readControlGroups } from "../../sdk/topology/controlGroups.ts";
import { treeOf } from "../machines/files.ts";

const groupsOf = (files: Record<string, string>) => readControlGroups(treeOf(new Map(Object.entries(files))));
const unlimited = { cgroupVersion: null, cpuQuotaCpus: null, memoryBytes: null };

test("without control groups nothing is limited", () => {
  expect(groupsOf({})).toEqual({ limits: unlimited, cpus: null, nodes: null });
});

test("the smallest limit of a group and its ancestors counts", () => {
  const groups = groupsOf({
    "proc/self/cgroup": "0::/slice/job",
    "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw",
    "sys/fs/cgroup/slice/cpu.max": "150000 100000",
    "sys/fs/cgroup/slice/job/cpu.max": "400000 100000",
    "sys/fs/cgroup/slice/memory.max": "max",
    "sys/fs/cgroup/slice/job/memory.max": "419430400",
    "sys/fs/cgroup/cpuset.cpus.effective": "0-15",
    "sys/fs/cgroup/slice/cpuset.cpus.effective": "4-7",
    "sys/fs/cgroup/slice/cpuset.mems.effective": "1",
  });
  expect(groups.limits).toEqual({ cgroupVersion: 2, cpuQuotaCpus: 1.5, memoryBytes: 419430400 });
  expect(groups).toMatchObject({ cpus: [4, 5, 6, 7], nodes: [1] });
});

test("a private namespace shows its limits at the mount point, even when the path leads out of it", () => {
  const files = {
    "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup ro - cgroup2 cgroup rw",
    "sys/fs/cgroup/cpu.max": "50000 100000",
    "sys/fs/cgroup/cpuset.cpus.effective": "2-3",
  };
  for (const path of ["/", "/../../elsewhere"]) {
    const groups = groupsOf({ ...files, "proc/self/cgroup": `0::${path}` });
    expect(groups).toMatchObject({ limits: { cpuQuotaCpus: 0.5 }, cpus: [2, 3] });
  }
});

test("version 1 says no limit by -1 and by a number that no memory reaches", () => {
  const files = {
    "proc/self/cgroup": "3:memory:/a\n2:cpu,cpuacct:/a",
    "proc/self/mountinfo": [
      "31 23 0:27 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
      "32 23 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
    ].join("\n"),
    "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us": "-1",
    "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us": "100000",
    "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "9223372036854771712",
  };
  expect(groupsOf(files).limits).toEqual({ ...unlimited, cgroupVersion: 1 });
  const limited = {
    ...files,
    "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "250000",
    "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000",
  };
  expect(groupsOf(limited).limits.cpuQuotaCpus).toBe(2.5);
});

test("a mount that shows a group instead of the root is followed from that group", () => {
  const groups = groupsOf({
    "proc/self/cgroup": "4:cpuset:/docker/1f\n3:memory:/docker/1f",
    "proc/self/mountinfo": [
      "31 23 0:27 /docker/1f /sys/fs/cgroup/cpuset ro - cgroup cgroup rw,cpuset",
      "32 23 0:28 /docker/1f /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory",
    ].join("\n"),
    "sys/fs/cgroup/cpuset/cpuset.cpus": "1-2",
    "sys/fs/cgroup/memory/memory.limit_in_bytes": "1073741824",
  });
  expect(groups).toMatchObject({ cpus: [1, 2], limits: { cgroupVersion: 1, memoryBytes: 2 ** 30 } });
});

test("the oldest cpusets have a file system of their own, names without prefix, and /proc/mounts only", () => {
  const groups = groupsOf({
    "proc/self/cpuset": "/batch",
    "proc/mounts": "none /dev/cpuset cpuset rw 0 0",
    "dev/cpuset/batch/cpus": "0-6",
    "dev/cpuset/batch/mems": "1",
  });
  expect(groups).toMatchObject({ cpus: [0, 1, 2, 3, 4, 5, 6], nodes: [1] });
});
