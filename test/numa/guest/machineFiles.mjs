import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a probe, hwloc and lscpu read of a machine. */
const kept = [
  /^sys\/devices\/system\/cpu\/(online|offline|possible|present|isolated)$/,
  /^sys\/devices\/system\/cpu\/cpu\d+\/(online|cpu_capacity|topology\/\w+)$/,
  /^sys\/devices\/system\/cpu\/cpu\d+\/cache\/index\d+\/(?!uevent)\w+$/,
  /^sys\/devices\/system\/node\/(online|possible|has_\w+)$/,
  /^sys\/devices\/system\/node\/node\d+\/(cpumap|cpulist|distance|meminfo|hugepages\/.*\/nr_hugepages)$/,
  /^sys\/devices\/system\/node\/node\d+\/access\d\/initiators\/(read|write)_\w+$/,
  /^sys\/fs\/cgroup\/(.*\/)?(cpuset\.(cpus|mems)\.effective|cpu\.max|memory\.max|cgroup\.controllers)$/,
];
const folders = ["sys/devices/system/cpu", "sys/devices/system/node", "sys/fs/cgroup"];
const alone = ["cpuinfo", "meminfo", "mounts", "self/cgroup", "self/cpuset", "self/mountinfo", "self/status"];

function pathsBelow(folder) {
  return readdirSync(join("/", folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return pathsBelow(path);
    return kept.some((pattern) => pattern.test(path)) ? [path] : [];
  });
}

/** The text of each file that tells what this machine is, by its path below the root. */
export function readMachineFiles() {
  const paths = [...folders.flatMap(pathsBelow), ...alone.map((name) => `proc/${name}`)];
  return Object.fromEntries(
    paths.flatMap((path) => {
      try {
        return [[path, readFileSync(join("/", path), "utf8")]];
      } catch {
        return []; // The kernel shows files that it does not let anyone read, such as the id of a cache without one.
      }
    }),
  );
}
