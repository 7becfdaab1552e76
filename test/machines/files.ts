import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { MachineTree } from "../../sdk/topology/tree.ts";
import { groupsOf, listOf } from "./expected.ts";
import { distanceOf, l1Bytes, l3Bytes, modelName, nodeBytes, nodeIndexesOf, pusOf } from "./spec.ts";
import type { ContainerSpec, MachineSpec, Pu } from "./spec.ts";

/** The text of each file by its path below the root. */
export type Files = Map<string, string>;

/** The kernel's mask notation: words of 32 bits, the highest first. */
export function maskOf(cpus: readonly number[], highest: number): string {
  const words = Array.from({ length: Math.floor(highest / 32) + 1 }, () => 0n);
  for (const cpu of cpus) words[Math.floor(cpu / 32)]! |= 1n << BigInt(cpu % 32);
  return words
    .map((word) => word.toString(16).padStart(8, "0"))
    .reverse()
    .join(",");
}

/** The sets that the online PUs form, and how wide a mask has to be. */
interface Sets {
  readonly cores: readonly number[][];
  readonly caches: readonly number[][];
  readonly packages: readonly number[][];
  readonly highest: number;
}

function addCaches(files: Files, folder: string, shared: readonly { bytes: number; mask: string }[]): void {
  for (const [index, { bytes, mask }] of shared.entries()) {
    files.set(`${folder}/index${index}/level`, index === 0 ? "1" : "3");
    files.set(`${folder}/index${index}/type`, index === 0 ? "Data" : "Unified");
    files.set(`${folder}/index${index}/size`, `${bytes / 1024}K`);
    files.set(`${folder}/index${index}/shared_cpu_map`, mask);
  }
}

function addCpu(files: Files, spec: MachineSpec, { pu, sets }: { pu: Pu; sets: Sets }): void {
  const folder = `sys/devices/system/cpu/cpu${pu.cpu}`;
  const isOffline = spec.offline.includes(pu.cpu);
  files.set(`${folder}/online`, isOffline ? "0" : "1");
  if (isOffline) return;
  const maskIn = (among: readonly number[][]) => maskOf(among.find((set) => set.includes(pu.cpu)) ?? [], sets.highest);
  const isNew = spec.era === "new";
  files.set(`${folder}/topology/physical_package_id`, `${pu.packageIndex}`);
  files.set(`${folder}/topology/core_id`, `${pu.coreIndex}`);
  files.set(`${folder}/topology/${isNew ? "core_cpus" : "thread_siblings"}`, maskIn(sets.cores));
  files.set(`${folder}/topology/${isNew ? "package_cpus" : "core_siblings"}`, maskIn(sets.packages));
  if (isNew) files.set(`${folder}/topology/die_cpus`, maskIn(sets.packages));
  addCaches(files, `${folder}/cache`, [
    { bytes: l1Bytes, mask: maskIn(sets.cores) },
    { bytes: l3Bytes, mask: maskIn(sets.caches) },
  ]);
}

function addNodes(files: Files, spec: MachineSpec, online: readonly Pu[]): void {
  const nodes = nodeIndexesOf(spec);
  files.set("sys/devices/system/node/online", listOf(nodes));
  for (const [ordinal, node] of nodes.entries()) {
    const folder = `sys/devices/system/node/node${node}`;
    files.set(`${folder}/cpulist`, listOf(online.filter(({ nodeIndex }) => nodeIndex === node).map(({ cpu }) => cpu)));
    files.set(
      `${folder}/meminfo`,
      `Node ${node} MemTotal:       ${nodeBytes / 1024} kB\nNode ${node} MemFree:        1024 kB`,
    );
    files.set(`${folder}/distance`, nodes.map((_, other) => distanceOf(spec, ordinal, other)).join(" "));
  }
}

/** A group `box/inner` whose limits stand partly in the parent. */
function addContainer(files: Files, { version, namespace, cpus, nodes, quotaCpus, memoryBytes }: ContainerSpec): void {
  const path = namespace === "host" ? "/box/inner" : "/";
  const parent = (mount: string) => (namespace === "host" ? `${mount}/box` : mount);
  const own = (mount: string) => (namespace === "host" ? `${mount}/box/inner` : mount);
  const quota = quotaCpus === null ? null : quotaCpus * 100_000;
  if (version === 2) {
    files.set("proc/self/cgroup", `0::${path}`);
    files.set("proc/self/mountinfo", "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate");
    files.set(`${own("sys/fs/cgroup")}/cpuset.cpus.effective`, listOf(cpus));
    files.set(`${own("sys/fs/cgroup")}/cpuset.mems.effective`, listOf(nodes));
    files.set(`${own("sys/fs/cgroup")}/cpu.max`, "max 100000");
    files.set(`${own("sys/fs/cgroup")}/memory.max`, memoryBytes === null ? "max" : `${memoryBytes * 2}`);
    files.set(`${parent("sys/fs/cgroup")}/cpu.max`, `${quota ?? "max"} 100000`);
    files.set(`${parent("sys/fs/cgroup")}/memory.max`, `${memoryBytes ?? "max"}`);
    return;
  }
  const controllers = ["cpu,cpuacct", "memory", "cpuset"];
  files.set("proc/self/cgroup", controllers.map((names, index) => `${index + 2}:${names}:${path}`).join("\n"));
  files.set(
    "proc/self/mountinfo",
    controllers
      .map((names, index) => `${index + 30} 23 0:26 / /sys/fs/cgroup/${names} rw - cgroup cgroup rw,${names}`)
      .join("\n"),
  );
  files.set(`${own("sys/fs/cgroup/cpuset")}/cpuset.cpus`, listOf(cpus));
  files.set(`${own("sys/fs/cgroup/cpuset")}/cpuset.mems`, listOf(nodes));
  files.set(`${parent("sys/fs/cgroup/cpu,cpuacct")}/cpu.cfs_quota_us`, `${quota ?? -1}`);
  files.set(`${parent("sys/fs/cgroup/cpu,cpuacct")}/cpu.cfs_period_us`, "100000");
  files.set(`${own("sys/fs/cgroup/memory")}/memory.limit_in_bytes`, `${memoryBytes ?? 9223372036854771712n}`);
}

/** The files of the machine's /sys and /proc that tell what it is. */
export function filesOf(spec: MachineSpec): Files {
  const files: Files = new Map();
  const pus = pusOf(spec);
  const online = pus.filter(({ cpu }) => !spec.offline.includes(cpu));
  files.set("sys/devices/system/cpu/online", listOf(online.map(({ cpu }) => cpu)));
  files.set("sys/devices/system/cpu/isolated", listOf(spec.isolated));
  const sets: Sets = {
    cores: groupsOf(online, "coreIndex"),
    caches: groupsOf(online, "cacheIndex"),
    packages: groupsOf(online, "packageIndex"),
    highest: Math.max(...pus.map(({ cpu }) => cpu)),
  };
  for (const pu of pus) addCpu(files, spec, { pu, sets });
  addNodes(files, spec, online);
  if (spec.container !== null) addContainer(files, spec.container);
  const blocks = online.map(
    ({ cpu }) => `processor\t: ${cpu}\nmodel name\t: ${modelName}\nflags\t\t: fpu lm avx2 avx512f`,
  );
  files.set("proc/cpuinfo", `${blocks.join("\n\n")}\n`);
  files.set(
    "proc/meminfo",
    `MemTotal:       ${(nodeBytes * nodeIndexesOf(spec).length) / 1024} kB\nMemFree:        1024 kB`,
  );
  return files;
}

/** The tree of such files without a disk. */
export function treeOf(files: Files): MachineTree {
  const folders = new Map<string, Set<string>>();
  for (const path of files.keys()) {
    const names = path.split("/");
    for (const [depth, name] of names.entries()) {
      const folder = names.slice(0, depth).join("/");
      folders.set(folder, (folders.get(folder) ?? new Set()).add(name));
    }
  }
  return {
    root: "/recorded",
    read: (path) => files.get(path) ?? null,
    has: (path) => files.has(path) || folders.has(path),
    list: (path) => [...(folders.get(path) ?? [])],
  };
}

/** Writes the files below a folder. */
export function writeFiles(files: Files, folder: string): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `${text}\n`);
  }
}
