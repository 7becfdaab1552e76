import { statSync } from "node:fs";
import { createRequire } from "node:module";

const { cache } = createRequire(import.meta.url);
/** When and how long the person's own CommonJS files were when they were loaded. */
const stamps = new Map<string, string>();

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? "missing" : `${stat.mtimeMs} ${stat.size}`;
}

/** Notes the CommonJS files that were loaded since the last call. */
export function noteLoadedFiles(): void {
  for (const file of Object.keys(cache))
    if (!file.includes("/node_modules/") && !stamps.has(file)) stamps.set(file, stampOf(file));
}

/** Makes Node forget those that have changed, so that the next import loads them anew. */
export function forgetChangedFiles(): void {
  for (const [file, stamp] of stamps) {
    if (stampOf(file) === stamp) continue;
    stamps.delete(file);
    Reflect.deleteProperty(cache, file);
  }
}
