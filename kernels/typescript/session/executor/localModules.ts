import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A file of the person's own that cells have imported, or would have if it existed. */
interface LocalModule {
  /** When and how long it was when it was last looked at. */
  stamp: string;
  /** How often it, or something that it imports, has changed. */
  generation: number;
  readonly importerUrls: Set<string>;
}

const modules = new Map<string, LocalModule>();
const generationName = "numalab";

function stampOf(url: string): string {
  const stat = statSync(fileURLToPath(url), { throwIfNoEntry: false });
  return stat === undefined ? "missing" : `${stat.mtimeMs} ${stat.size}`;
}

/** Whether a URL is a file of the person's own, and not one of an installed package. */
export function isLocal(url: string): boolean {
  return url.startsWith("file:") && !url.includes("/node_modules/");
}

/** The URL without its generation. */
export function originalUrl(url: string): string {
  return url.replace(new RegExp(`[?&]${generationName}=\\d+$`), "");
}

/** Notes that one file imports another, which need not exist. */
export function noteImport(importerUrl: string, url: string): void {
  const known = modules.get(url) ?? { stamp: stampOf(url), generation: 0, importerUrls: new Set() };
  known.importerUrls.add(importerUrl);
  modules.set(url, known);
}

/** The URL by which the present state of a file is loaded: another one after each change. */
export function currentUrl(url: string): string {
  const generation = modules.get(url)?.generation ?? 0;
  if (generation === 0) return url;
  return `${url}${url.includes("?") ? "&" : "?"}${generationName}=${generation}`;
}

function renew(url: string, renewed: Set<string>): void {
  const module = modules.get(url);
  if (module === undefined || renewed.has(url)) return;
  renewed.add(url);
  module.generation++;
  for (const importerUrl of module.importerUrls) renew(importerUrl, renewed);
}

/** Looks which files have changed: they, and all that import them, are loaded anew by the next import. */
export function noticeChanges(): void {
  const renewed = new Set<string>();
  for (const [url, module] of modules) {
    const stamp = stampOf(url);
    if (stamp === module.stamp) continue;
    module.stamp = stamp;
    renew(url, renewed);
  }
}
