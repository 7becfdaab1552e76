import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { basename } from "node:path";
import type { Entry } from "./cpio.ts";

function findProgram(name: string): string {
  const path = execFileSync("sh", ["-c", 'PATH=/usr/bin:/bin:/usr/sbin command -v "$0"', name], { encoding: "utf8" });
  return path.trim();
}

/** The libraries of a program and the loader that starts it, under the names by which it asks for them. */
function librariesOf(program: string): string[] {
  const listing = execFileSync("ldd", [program], { encoding: "utf8" });
  return [...listing.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path);
}

/** This machine's own Node and tools, with their libraries. */
export function x64Programs(names: readonly string[]): Entry[] {
  const programs = [process.execPath, ...names.map(findProgram)];
  const libraries = [...new Set(programs.flatMap(librariesOf))];
  return [
    ...programs.map((file) => ({ path: `bin/${basename(file)}`, file: realpathSync(file) })),
    ...libraries.map((file) => ({ path: file.slice(1), file: realpathSync(file) })),
  ];
}
