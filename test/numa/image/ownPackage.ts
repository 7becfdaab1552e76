import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Entry } from "./cpio.ts";

/** What probing, planning, launching and the engine load; the rest of our dependencies serves notebooks. */
const roots = ["commander", "execa", "koffi", "node-llama-cpp", "systeminformation", "zod"];
const useless = /\.(d\.[cm]?ts|map|md|ts|bundle)$/;

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}

/** The files below a folder that a program may read. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === "node_modules" ? [] : filesBelow(path);
    return useless.test(name) ? [] : [path];
  });
}

/** Where Node finds a package from a folder of the checkout; null when it is not installed. */
function resolvedFrom(folder: string, name: string, checkout: string): string | null {
  const found = join(folder, "node_modules", name);
  if (existsSync(found)) return found;
  return folder === checkout ? null : resolvedFrom(dirname(folder), name, checkout);
}

/** The folders of the packages we need and of all they depend on, without binaries of other platforms. */
function packageFolders(checkout: string, platform: string): Set<string> {
  const found = new Set<string>();
  const waiting = roots.map((name) => ({ name, from: checkout }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const isForeign = /linux-\w+$/.test(next.name) && !next.name.endsWith(platform);
    const folder = isForeign ? null : resolvedFrom(next.from, next.name, checkout);
    if (folder === null || found.has(folder)) continue;
    found.add(folder);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
    const names = Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies });
    waiting.push(...names.map((name) => ({ name, from: folder })));
  }
  return found;
}

/** The built package as it is installed for a user: below `lab/node_modules`, with what it depends on. */
export function ownPackageEntries(checkout: string, platform: string): Entry[] {
  const below = (folder: string, files: readonly string[]) =>
    files.map((file) => ({ path: `${folder}/${file.slice(checkout.length + 1)}`, file }));
  const own = ["dist/sdk", "datasets"].flatMap((folder) => filesBelow(join(checkout, folder)));
  return [
    ...below("lab", [...packageFolders(checkout, platform)].flatMap(filesBelow)),
    ...below("lab/node_modules/numalab", [join(checkout, "package.json"), ...own]),
  ];
}
