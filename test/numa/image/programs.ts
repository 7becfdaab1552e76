import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import type { Entry } from "./cpio.ts";

/** What the guest's own shell brings: a program with many names. */
const shellNames = ["sh", "mount", "mkdir", "umount", "true", "sleep", "cat", "poweroff"];

/** Where the programs of this machine lie that a guest needs too. */
function findProgram(name: string): string {
  const folders = ["/usr/bin", "/usr/sbin", "/bin"];
  return execFileSync("sh", ["-c", 'command -v "$0"', name], {
    encoding: "utf8",
    env: { PATH: folders.join(":") },
  }).trim();
}

/** The libraries of a program and the loader that starts it, under the names by which it asks for them. */
function librariesOf(program: string): string[] {
  const listing = execFileSync("ldd", [program], { encoding: "utf8" });
  return [...listing.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path);
}

/** The programs of this machine with their libraries, and a shell that needs none. */
export function programEntries(names: readonly string[]): Entry[] {
  const programs = [process.execPath, ...names.map(findProgram)];
  const libraries = new Set(programs.flatMap(librariesOf));
  const copies = [
    ...programs.map((file) => ({ path: `bin/${file.split("/").at(-1) ?? ""}`, file })),
    ...[...libraries].map((file) => ({ path: file.slice(1), file })),
  ];
  return [
    ...copies.map(({ path, file }) => ({ path, file: realpathSync(file) })),
    ...shellEntries(findProgram("busybox")),
  ];
}

/** The shell of a guest under all its names. */
export function shellEntries(busybox: string): Entry[] {
  const links = shellNames.map((name) => ({ path: `bin/${name}`, target: "busybox" }));
  return [{ path: "bin/busybox", file: busybox }, ...links];
}
