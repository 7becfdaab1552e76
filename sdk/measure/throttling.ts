import { join } from "node:path";
import { knownSumOf } from "../stats/index.ts";
import { readTextFile } from "./textFile.ts";

/** How often and how long the CPU quota held this control group back since it was made; null where nothing counts it. */
export interface Throttling {
  readonly throttledSeconds: number | null;
  readonly throttledPeriodsCount: number | null;
}

interface Membership {
  readonly version: 1 | 2;
  readonly path: string;
}

function parseMembership(text: string): Membership | null {
  const entries = text.split("\n").map((line) => /^\d+:([^:]*):(.*)$/.exec(line));
  const pathOf = (isWanted: (controllers: string[]) => boolean): string | undefined =>
    entries.find((entry) => entry !== null && isWanted((entry[1] ?? "").split(",")))?.[2];
  const version1 = pathOf((controllers) => controllers.includes("cpu"));
  if (version1 !== undefined) return { version: 1, path: version1 };
  const version2 = pathOf((controllers) => controllers[0] === "");
  return version2 === undefined ? null : { version: 2, path: version2 };
}

/** The group's folder and those of its ancestors, as far as they are mounted here. */
function foldersOf({ version, path }: Membership, mountinfo: string): readonly string[] {
  const mounts = mountinfo.split("\n").map((line) => line.split(" "));
  const mount = mounts.find((fields) => {
    const [type, , options = ""] = fields.slice(fields.indexOf("-") + 1);
    return version === 2 ? type === "cgroup2" : type === "cgroup" && options.split(",").includes("cpu");
  });
  if (mount === undefined) return [];
  const [mountedGroup = "/", mountPoint = "/"] = mount.slice(3);
  const isBelow = mountedGroup === "/" || `${path}/`.startsWith(`${mountedGroup}/`);
  const below = (isBelow ? path.slice(mountedGroup === "/" ? 0 : mountedGroup.length) : "").split("/").filter(Boolean);
  return [mountPoint, ...below.map((_, index) => join(mountPoint, ...below.slice(0, index + 1)))];
}

function counterOf(text: string, name: string): number | null {
  const digits = new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1];
  return digits === undefined ? null : Number(digits);
}

function throttledSecondsOf(text: string): number | null {
  const microseconds = counterOf(text, "throttled_usec");
  const nanoseconds = counterOf(text, "throttled_time");
  if (microseconds !== null) return microseconds / 1e6;
  return nanoseconds === null ? null : nanoseconds / 1e9;
}

/**
 * The throttling of this process's control group and of its ancestors, whose quotas hold it back as well.
 * @see https://docs.kernel.org/scheduler/sched-bwc.html
 */
export function readThrottling(root: string): Throttling {
  const membership = parseMembership(readTextFile(root, "proc/self/cgroup") ?? "");
  const folders = membership === null ? [] : foldersOf(membership, readTextFile(root, "proc/self/mountinfo") ?? "");
  const texts = folders.map((folder) => readTextFile(root, join(folder, "cpu.stat")) ?? "");
  return {
    throttledSeconds: knownSumOf(texts.map(throttledSecondsOf)),
    throttledPeriodsCount: knownSumOf(texts.map((text) => counterOf(text, "nr_throttled"))),
  };
}
