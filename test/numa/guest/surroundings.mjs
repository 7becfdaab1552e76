import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { tell } from "./tell.mjs";

/** Says what a program plans and gets that is started behind these words. */
export function tellInside(name, prefix, asked = {}) {
  const [file, ...args] = [...prefix, process.execPath, "inside.mjs", JSON.stringify(asked)];
  tell(name, JSON.parse(execFileSync(file, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] })));
}

/** The words that start a program as another user than root. */
export const asUser = ["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"];

/** The words that start a program which finds neither numactl nor taskset. */
export const withoutTools = ["sh", "-c", 'PATH=/nowhere exec "$@"', "sh"];

/** Makes a group of processes with these settings: its folder, and the words that start a program in it. */
export function controlGroup(path, settings) {
  const folder = `/sys/fs/cgroup/${path}`;
  writeFileSync(`${dirname(folder)}/cgroup.subtree_control`, "+cpuset +cpu");
  mkdirSync(folder);
  for (const [file, text] of Object.entries(settings)) writeFileSync(`${folder}/${file}`, text);
  return { folder, start: ["sh", "-c", `echo $$ > ${folder}/cgroup.procs && exec "$@"`, "sh"] };
}

/** The words that let a program see its own group as the root of all, as in a container. */
export const inOwnNamespace = [
  "/bin/unshare",
  "--cgroup",
  "--mount",
  "--propagation",
  "unchanged",
  "sh",
  "-c",
  'umount /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec "$@"',
  "sh",
];
