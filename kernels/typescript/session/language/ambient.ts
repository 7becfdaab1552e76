import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type ts from "typescript";
import { typescript } from "../rewrite/typescript.ts";

/** The names of `CellGlobals`. */
export const globalNames = ["display", "clearOutput", "prompt", "page", "kernel"] as const;

/** What a cell finds without importing it, as declarations. */
export interface Ambient {
  readonly text: string;
  /** Files that declare Node's names, where the folder has none by itself. */
  readonly files: readonly string[];
}

/**
 * The declarations for the cells of a folder.
 * @param spare Node's types for a folder that has none; null when this package has none either
 */
export function ambientOf(folder: string, options: ts.CompilerOptions, spare = ownNodeTypes()): Ambient {
  const ts = typescript();
  const globals = join(fileURLToPath(import.meta.url), "../../globals"); // .ts, or built .d.ts
  const own = globalNames.map((name) => `declare const ${name}: import("${globals}").CellGlobals["${name}"];`);
  const { resolvedTypeReferenceDirective: found } = ts.resolveTypeReferenceDirective(
    "node",
    join(folder, "cell.ts"),
    options,
    { ...ts.sys, getCurrentDirectory: () => folder },
  );
  if (found !== undefined) return { text: own.join("\n"), files: [] };
  return spare === null ? { text: [...own, barest].join("\n"), files: [] } : { text: own.join("\n"), files: [spare] };
}

/** Where Node's types lie beside this package; null when they do not. */
function ownNodeTypes(): string | null {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("@types/node/package.json")), "index.d.ts");
  } catch {
    return null;
  }
}

/** Enough for a cell to be checked where Node's types are nowhere to be found. */
const barest = `
declare const console: Record<"log" | "info" | "warn" | "error" | "debug" | "table" | "dir" | "trace" | "time" | "timeEnd", (...values: any[]) => void>;
declare function setTimeout(callback: (...values: any[]) => void, milliseconds?: number, ...values: any[]): any;
declare function setInterval(callback: (...values: any[]) => void, milliseconds?: number, ...values: any[]): any;
declare function clearTimeout(timer: any): void;
declare function clearInterval(timer: any): void;
declare function queueMicrotask(callback: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function fetch(url: any, options?: any): Promise<any>;
declare const performance: { now(): number; [name: string]: any };
declare const process: any;
declare const Buffer: any;
declare const require: any;
declare const URL: any;
declare const TextEncoder: any;
declare const TextDecoder: any;
declare const AbortController: any;
declare const AbortSignal: any;
interface ImportMeta { url: string; dirname: string; filename: string; resolve(specifier: string): string }
declare module "node:*";
`;
