import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import { receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import type { Program } from "../executor.ts";

/** A place in a text; lines and columns begin at 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What the module hooks tell of a file that they translated. */
export interface TranslatedModule {
  readonly url: string;
  /** A source map as JSON. */
  readonly map: string;
}

/** The code of cells and expressions by the name that V8 knows them by, such as `In[3]`. */
const cells = new Map<string, string>();
/** Source maps by name or URL, as JSON until somebody asks. */
const maps = new Map<string, string | SourceMap>();
let translations: MessagePort | null = null;

/** Remembers a cell or an expression, so that errors can show its lines. */
export function rememberCode(name: string, { code, javascript }: Program): void {
  const start = javascript.lastIndexOf("\n//# sourceMappingURL=data:application/json");
  const [, map] = start === -1 ? [] : (javascript.slice(start).trimEnd().split("\n")[1] ?? "").split(";base64,");
  cells.set(name, code);
  if (map === undefined) maps.delete(name);
  else maps.set(name, Buffer.from(map, "base64").toString("utf8"));
}

/** Chooses the port on which the module hooks tell of what they translated. */
export function listenToTranslations(port: MessagePort): void {
  translations = port;
}

function mapOf(file: string): SourceMap | null {
  while (translations !== null) {
    const received = receiveMessageOnPort(translations) as { message: TranslatedModule } | undefined;
    if (received === undefined) break;
    maps.set(received.message.url, received.message.map);
  }
  const map = maps.get(file);
  if (typeof map !== "string") return map ?? null;
  const parsed = new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0]);
  maps.set(file, parsed);
  return parsed;
}

/** The place in what a person wrote. */
export function writtenPosition({ file, line, column }: Position): Position {
  const written = file.startsWith("file:") ? fileURLToPath(file) : file;
  const entry = mapOf(file)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !("originalLine" in entry)) return { file: written, line, column };
  return { file: written, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/** One line of a cell or of a file of the person's own; null when it is neither. */
export function lineAt({ file, line }: Position): string | null {
  if (file.includes("/node_modules/")) return null;
  try {
    const text = cells.get(file) ?? readFileSync(file, "utf8");
    return text.split("\n")[line - 1] ?? null;
  } catch {
    return null;
  }
}
