import { machine } from "node:os";
import type { MachineTree } from "./tree.ts";

/** By what /proc/cpuinfo says on each architecture; the first that holds counts. */
const architectureSigns: readonly (readonly [RegExp, string])[] = [
  [/^flags[\t ]*:.* lm( |$)/m, "x86_64"],
  [/^flags[\t ]*:/m, "i686"],
  [/^CPU architecture[\t ]*: *8/m, "aarch64"],
  [/^CPU architecture[\t ]*: *\d/m, "arm"],
  [/^cpu[\t ]*: *(POWER|PPC)/m, "ppc64"],
  [/^arch[\t ]*: *IA-64/m, "ia64"],
  [/^vendor_id[\t ]*: *IBM\/S390/m, "s390x"],
];

const isLive = (tree: MachineTree) => tree.root === "/";

/** The architecture as `uname -m` says it; of a recorded machine as its /proc/cpuinfo shows it, or null. */
export function readArchitecture(tree: MachineTree): string | null {
  if (isLive(tree)) return machine();
  const text = tree.read("proc/cpuinfo") ?? "";
  return architectureSigns.find(([sign]) => sign.test(text))?.[1] ?? null;
}

/** Name and version of the operating system and its kernel; null for a recorded machine. */
export function readOperatingSystem(tree: MachineTree): string | null {
  if (!isLive(tree)) return null;
  const name = /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(tree.read("etc/os-release") ?? "")?.[1] ?? "Linux";
  const kernel = tree.read("proc/sys/kernel/osrelease");
  return kernel === null ? name : `${name}, kernel ${kernel}`;
}
