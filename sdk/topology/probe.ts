import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { TopologyError } from "./errors.ts";
import { readTopology } from "./readTopology.ts";
import type { Topology } from "./topology.ts";
import { openTree } from "./tree.ts";

/** What a caller may say about a probe; everything may be left out. */
export interface ProbeSpec {
  /** The folder that holds the `sys` and `proc` of a recorded machine; this machine when left out. */
  readonly root?: string;
  /** The platform to take this machine for, as `linux-x64`; its own when left out. */
  readonly platform?: string;
}

const readablePlatforms = ["linux-x64", "linux-arm64"];

function refusePlatform(platform: string): void {
  if (readablePlatforms.includes(platform)) return;
  const message = `This machine is ${platform}; only ${readablePlatforms.join(" and ")} can be probed live. Pass the root of a recorded machine, or run on one of those.`;
  throw new TopologyError("unsupported-platform", message, { facts: { platform, readablePlatforms } });
}

function contentOf(root: string): string {
  try {
    const names = readdirSync(root).sort();
    return names.length === 0 ? "is empty" : `holds ${names.slice(0, 8).join(", ")}${names.length > 8 ? ", …" : ""}`;
  } catch (error) {
    return `cannot be read (${error instanceof Error && "code" in error ? String(error.code) : "unknown reason"})`;
  }
}

function readMachine(root: string): Topology {
  const topology = readTopology(openTree(root));
  if (topology.pus > 0) return topology;
  const found = contentOf(root);
  const message = `${root} ${found}; needed are the files of at least one CPU in sys/devices/system/cpu below it. Pass the folder that holds the sys and proc of a machine, or leave the root out to read this one.`;
  throw new TopologyError("unreadable-root", message, { facts: { root, found } });
}

/**
 * What a machine is, read straight from its /sys and /proc: this machine, or a recorded one on any platform.
 * @throws {TopologyError} `unreadable-root` when the root holds no CPU, `unsupported-platform` when this machine is not Linux on x64 or arm64
 * @see https://docs.kernel.org/admin-guide/cputopology.html
 */
export function probeTopology(spec: ProbeSpec = {}): Promise<Topology> {
  return Promise.resolve().then(() => {
    if (spec.root === undefined) refusePlatform(spec.platform ?? `${process.platform}-${process.arch}`);
    return readMachine(resolve(spec.root ?? "/"));
  });
}
