import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CellGlobals } from "../globals.ts";
import { currentCellId, heedInterrupt, isAbandoned, KeyboardInterrupt } from "./cellContext.ts";
import { takeResult } from "./cellRun.ts";
import { display } from "./display.ts";
import { catchThrown } from "./evaluation.ts";
import { importFromFolder, requireFromFolder, resolveFromFolder } from "./imports.ts";
import { readAnswer } from "./input.ts";
import { createKernelControl } from "./kernelControl.ts";
import { flush, tell } from "./outbox.ts";
import { unwind } from "./unwinding.ts";
import type { ExecutorStart } from "./wire.ts";

function prompt(text = ""): string {
  const cellId = currentCellId();
  heedInterrupt(cellId);
  tell({ kind: "event", cellId, event: { kind: "ask", prompt: text } });
  return readAnswer();
}

const page: CellGlobals["page"] = (text) => {
  tell({ kind: "event", cellId: currentCellId(), event: { kind: "page", data: { "text/plain": text } } });
};

const clearOutput: CellGlobals["clearOutput"] = ({ wait = false } = {}) => {
  tell({ kind: "event", cellId: currentCellId(), event: { kind: "clear", wait } });
};

/**
 * What rewritten code calls around each awaited value. It is looked up before the waiting begins and called after it: a cell that was
 * interrupted in between does not go on, while what begins later, such as a request to a server of that cell, does.
 */
function awaiting(): (...values: [number, unknown?]) => unknown {
  const cellId = currentCellId();
  const wasAbandoned = isAbandoned(cellId);
  return (...values) => {
    if (isAbandoned(cellId) && (!wasAbandoned || values.length < 2)) throw new KeyboardInterrupt();
    return values[1];
  };
}

function metaOf(folder: string): ImportMeta {
  const filename = join(folder, "cell.ts");
  return { url: pathToFileURL(filename).href, filename, dirname: folder, resolve: resolveFromFolder };
}

function exit(code?: number | string | null): never {
  const error = new Error(`process.exit(${code ?? ""}) was called; the kernel goes on, and so do its variables`);
  throw Object.assign(error, { name: "SystemExit" });
}

/** Gives cells their global names, which loops over the global object do not see. */
export function installGlobals(start: ExecutorStart): void {
  const folder = process.cwd();
  const numalab = {
    result: takeResult,
    caught: catchThrown,
    flush,
    unwind,
    import: importFromFolder,
    meta: metaOf(folder),
    get awaited() {
      return awaiting();
    },
  };
  const globals: CellGlobals = { display, clearOutput, prompt, page, kernel: createKernelControl(start) };
  const all = { ...globals, require: requireFromFolder, __numalab: numalab };
  for (const [name, value] of Object.entries(all))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  Object.defineProperty(process, "exit", { value: exit, writable: true, configurable: true, enumerable: true });
}
