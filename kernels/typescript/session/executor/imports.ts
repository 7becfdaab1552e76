import { isBuiltin, register } from "node:module";
import { pathToFileURL } from "node:url";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { importHere, resolveHere } from "./importer.ts";
import { listenToTranslations } from "./sources.ts";

/** What the module hooks need to know. */
export interface HooksData {
  /** The module whose imports are those of cells. */
  readonly importerUrl: string;
  /** Where they are resolved from: a file that need not exist. */
  readonly cellUrl: string;
  /** Takes the source maps of what is translated. */
  readonly translations: MessagePort;
}

let areHooked = false;

/** Sets up the module hooks, with the first import that needs them. */
function hookModules(): void {
  if (areHooked) return;
  areHooked = true;
  const { port1, port2 } = new MessageChannel();
  listenToTranslations(port1);
  const data = {
    importerUrl: new URL("./importer.js", import.meta.url).href,
    cellUrl: pathToFileURL(`${process.cwd()}/cell.ts`).href,
    translations: port2,
  };
  register("./hooks.js", import.meta.url, { data, transferList: [port2] });
}

/** The module that a cell imports, resolved from the notebook's folder. */
export function importFromFolder(specifier: string, options?: ImportCallOptions): Promise<unknown> {
  if (!isBuiltin(specifier)) hookModules();
  return importHere(specifier, options);
}

/** The URL that a cell would import. */
export function resolveFromFolder(specifier: string): string {
  hookModules();
  return resolveHere(specifier);
}
