import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Entry } from "./cpio.ts";

/** What probing, planning, launching and the engine load; the rest of our dependencies serves notebooks. */
const roots = ["commander", "execa", "koffi", "systeminformation", "zod"];
const useless = /\.(d\.[cm]?ts|map|md|ts)$/;

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

/** The folders of packages and of all they depend on, as far as they are installed. */
function packageFolders(modules: string, names: readonly string[]): Set<string> {
  const found = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const folder = join(modules, name);
    if (found.has(folder) || !existsSync(folder)) continue;
    found.add(folder);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
    waiting.push(...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }));
  }
  return found;
}

/** Of the engine, its libraries and what finds them: the guest's engine is called directly. */
function engineFiles(modules: string, platform: string): string[] {
  const finding = ["package.json", "dist/index.js"].map((name) => join(modules, "node-llama-cpp", name));
  return [...finding, ...filesBelow(join(modules, "@node-llama-cpp", platform))];
}

/** The built package as it is installed for a user: below `lab/node_modules`, with what it depends on. */
export function ownPackageEntries(checkout: string, platform: string): Entry[] {
  const modules = join(checkout, "node_modules");
  const dependencies = [...packageFolders(modules, roots)].flatMap(filesBelow);
  const own = ["dist/sdk", "datasets"].flatMap((folder) => filesBelow(join(checkout, folder)));
  const inModules = [...dependencies, ...engineFiles(modules, platform)].map((file) => ({
    path: `lab/${file.slice(checkout.length + 1)}`,
    file,
  }));
  const inPackage = [join(checkout, "package.json"), ...own].map((file) => ({
    path: `lab/node_modules/numalab/${file.slice(checkout.length + 1)}`,
    file,
  }));
  return [...inModules, ...inPackage];
}
