import { createRequire, isBuiltin, register } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { isOwnPackage } from "../ownPackage.ts";
import { importHere, resolveHere } from "./importer.ts";
import { forgetChangedFiles, noteLoadedFiles } from "./commonjsCache.ts";
import { originalUrl } from "./localModules.ts";
import { listenToTranslations } from "./sources.ts";
import { writtenFrames } from "./stackTrace.ts";

/** What the module hooks need to know. */
export interface HooksData {
  /** The module whose imports are those of cells. */
  readonly importerUrl: string;
  /** Where they are resolved from: a file that need not exist. */
  readonly cellUrl: string;
  /** Takes the source maps of what is translated. */
  readonly translations: MessagePort;
}

/** In the folder of the notebook, which cells may leave later. */
const cellFile = join(process.cwd(), "cell.ts");
let areHooked = false;

/** Sets up the module hooks, with the first import that needs them. */
function hookModules(): void {
  if (areHooked) return;
  areHooked = true;
  const { port1, port2 } = new MessageChannel();
  listenToTranslations(port1);
  const data = {
    importerUrl: new URL("./importer.js", import.meta.url).href,
    cellUrl: pathToFileURL(cellFile).href,
    translations: port2,
  };
  register("./hooks.js", import.meta.url, { data, transferList: [port2] });
}

/** The error with the place of the import, when it has none of its own. */
function placed(error: unknown, place: string): unknown {
  if (error instanceof Error && writtenFrames(error.stack ?? "").length === 0)
    error.stack = [`${error.name}: ${error.message}`, ...writtenFrames(place)].join("\n");
  return error;
}

/** The module that a cell imports, resolved from the notebook's folder. */
export async function importFromFolder(specifier: string, options?: ImportCallOptions): Promise<unknown> {
  const place: { stack?: string } = {};
  Error.captureStackTrace(place, importFromFolder);
  if (!isBuiltin(specifier)) hookModules();
  forgetChangedFiles();
  try {
    return await importHere(specifier, options);
  } catch (error) {
    throw placed(error, place.stack ?? "");
  } finally {
    noteLoadedFiles();
  }
}

/** The URL that a cell would import. */
export function resolveFromFolder(specifier: string): string {
  hookModules();
  return originalUrl(resolveHere(specifier));
}

const requireOwn = createRequire(import.meta.url);

/** `require` as cells have it: it, too, reads a file anew that has changed. */
export const requireFromFolder = new Proxy(createRequire(cellFile), {
  apply(require, _, [specifier]: [string]): unknown {
    if (isBuiltin(specifier)) return require(specifier);
    forgetChangedFiles();
    try {
      return require(specifier);
    } catch (error) {
      if (!isOwnPackage(specifier)) throw error;
      return requireOwn(specifier);
    } finally {
      noteLoadedFiles();
    }
  },
});
