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

/** Makes Node forget a file and all that require it. */
function forget(file: string): void {
  const module = cache[file];
  stamps.delete(file);
  Reflect.deleteProperty(cache, file);
  if (module === undefined) return;
  for (const parent of Object.values(cache)) if (parent?.children.includes(module)) forget(parent.filename);
}

/** Makes Node forget the files that have changed, so that they, and all that require them, are loaded anew. */
export function forgetChangedFiles(): void {
  for (const [file, stamp] of stamps) if (stampOf(file) !== stamp) forget(file);
}
