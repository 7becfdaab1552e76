import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Entry, writeArchive } from "./cpio.ts";
import { dependencyOf, unpackedPackage } from "./debian.ts";
import { ownPackageEntries } from "./ownPackage.ts";
import { programEntries } from "./programs.ts";
import { extractKernel } from "./vmlinux.ts";

const checkout = resolve(import.meta.dirname, "../../..");
const cache = join(checkout, "node_modules/.cache/numalab-numa");
const tools = ["numactl", "migratepages", "taskset", "setpriv", "unshare", "lstopo-no-graphics"];

/** What an emulated machine boots. */
export interface GuestImage {
  readonly kernel: string;
  readonly archive: string;
}

function guestEntries(): Entry[] {
  const folder = join(checkout, "test/numa/guest");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".mjs"));
  return [
    { path: "init", file: join(folder, "init") },
    { path: "dev/console", device: [5, 1] },
    ...names.map((name) => ({ path: `lab/${name}`, file: join(folder, name) })),
  ];
}

function digestOf(entries: readonly Entry[]): string {
  const told = entries.map((entry) => {
    if (!("file" in entry)) return entry;
    const { size, mtimeMs } = statSync(entry.file);
    return { ...entry, size, mtimeMs };
  });
  return createHash("sha256").update(JSON.stringify(told)).digest("hex").slice(0, 16);
}

/** Makes a file of the cache unless it is there; older ones of its kind go. */
function provide(name: string, kind: string, make: (file: string) => void): string {
  const file = join(cache, name);
  if (existsSync(file)) return file;
  for (const old of readdirSync(cache).filter((each) => each.startsWith(kind))) rmSync(join(cache, old));
  make(`${file}.part`);
  renameSync(`${file}.part`, file);
  return file;
}

/** The kernel of Debian's clouds, and an archive of Node, the tools, the built package and the guest's programs. */
export function guestImage(): GuestImage {
  mkdirSync(cache, { recursive: true });
  const release = dependencyOf("linux-image-cloud-amd64");
  const kernel = provide(`vmlinux-${release}`, "vmlinux-", (file) => {
    const boot = join(unpackedPackage(release, cache), "boot");
    extractKernel(join(boot, readdirSync(boot).find((name) => name.startsWith("vmlinuz")) ?? ""), file);
  });
  const entries = [...programEntries(tools), ...ownPackageEntries(checkout, "linux-x64"), ...guestEntries()];
  const archive = provide(`x64-${digestOf(entries)}.cpio`, "x64-", (file) => {
    writeArchive(file, entries);
  });
  return { kernel, archive };
}
