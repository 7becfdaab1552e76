import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { arm64Programs } from "./arm64.ts";
import { type Entry, writeArchive } from "./cpio.ts";
import { ownPackageEntries } from "./ownPackage.ts";
import { newestKernel, openPackages, type Packages } from "./packages.ts";
import { extractKernel } from "./vmlinux.ts";
import { x64Programs } from "./x64.ts";

const checkout = resolve(import.meta.dirname, "../../..");
const cache = join(checkout, "node_modules/.cache/numalab-numa");
const tools = ["numactl", "migratepages", "taskset", "setpriv", "unshare", "lstopo-no-graphics"];
/** The names under which the guest's shell is called. */
const shellNames = ["sh", "mount", "umount", "mkdir", "true", "poweroff"];

/** What an emulated machine boots. */
export interface GuestImage {
  readonly kernel: string;
  readonly archive: string;
}

/** Our program that runs in the guest, and a shell that starts it. */
function guestEntries(packages: Packages): Entry[] {
  const folder = join(checkout, "test/numa/guest");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".mjs"));
  return [
    { path: "init", file: join(folder, "init") },
    { path: "dev/console", device: [5, 1] },
    { path: "bin/busybox", file: join(packages.debian("busybox-static"), "bin/busybox") },
    ...shellNames.map((name) => ({ path: `bin/${name}`, target: "busybox" })),
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

/** A file of the cache, made unless it is there; older ones of its kind go. */
function provide(kind: string, version: string, make: (file: string) => void): string {
  const file = join(cache, `${kind}-${version}`);
  if (existsSync(file)) return file;
  for (const old of readdirSync(cache).filter((name) => name.startsWith(`${kind}-`))) rmSync(join(cache, old));
  make(`${file}.part`);
  renameSync(`${file}.part`, file);
  return file;
}

function provideArchive(architecture: "x64" | "arm64", programs: readonly Entry[], packages: Packages): string {
  const own = ownPackageEntries(checkout, `linux-${architecture}`);
  const entries = [...programs, ...own, ...guestEntries(packages)];
  return provide(`${architecture}.cpio`, digestOf(entries), (file) => {
    writeArchive(file, entries);
  });
}

/** The kernel of Debian's clouds, and an archive of this machine's Node and tools, the built package and the guest's programs. */
export function x64Image(): GuestImage {
  mkdirSync(cache, { recursive: true });
  const packages = openPackages(join(cache, "amd64"), "amd64");
  const release = newestKernel("amd64");
  const kernel = provide("vmlinux", release, (file) => {
    extractKernel(bootFile(packages.debian(release, "./boot")), file);
  });
  return { kernel, archive: provideArchive("x64", x64Programs(tools), packages) };
}

/** The same for the other architecture, of packages only. */
export function arm64Image(): GuestImage {
  mkdirSync(cache, { recursive: true });
  const packages = openPackages(join(cache, "arm64"), "arm64");
  const kernel = bootFile(packages.debian(newestKernel("arm64"), "./boot"));
  return { kernel, archive: provideArchive("arm64", arm64Programs(tools, packages), packages) };
}

function bootFile(folder: string): string {
  const boot = join(folder, "boot");
  return join(boot, readdirSync(boot).find((name) => name.startsWith("vmlinuz")) ?? "");
}
