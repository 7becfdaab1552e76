import { existsSync, readFileSync } from "node:fs";

/** Path of the ggml compute library that this process has mapped, or null where the kernel shows no mappings. */
export function findComputeLibrary(): string | null {
  if (!existsSync("/proc/self/maps")) return null;
  return /\/\S*\/libggml-cpu[^/\s]*\.so/.exec(readFileSync("/proc/self/maps", "utf8"))?.[0] ?? null;
}
