import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Whether an import means this package, which cells find wherever their notebook lies. */
export function isOwnPackage(specifier: string): boolean {
  return specifier === "numalab" || specifier.startsWith("numalab/");
}

/** Where the compiler finds the types of this package, for a notebook in a folder that has it not installed; else nothing. */
export function ownTypePaths(folder: string): Record<string, string[]> {
  const manifest = "numalab/package.json";
  try {
    createRequire(join(folder, "cell.ts")).resolve(manifest);
    return {};
  } catch {
    const types = join(dirname(createRequire(import.meta.url).resolve(manifest)), "dist/sdk");
    return { numalab: [join(types, "index.d.ts")], "numalab/*": [join(types, "*/index.d.ts")] };
  }
}
