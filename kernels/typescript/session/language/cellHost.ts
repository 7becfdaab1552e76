import { statSync } from "node:fs";
import { join } from "node:path";
import type ts from "typescript";
import { typescript } from "../rewrite/typescript.ts";
import type { Ambient } from "./ambient.ts";

/** The files that the language service sees: those of the disk, and cells, which are on no disk. */
export interface CellHost extends ts.LanguageServiceHost {
  /** The file of the cell in question. */
  readonly cellFile: string;
  /** Gives a file of the notebook another text. */
  write(name: string, text: string): void;
  /** Takes away all files but the ambient one and that of the cell in question. */
  clear(): void;
}

/** What the files depend on. */
export interface CellHostOptions {
  readonly folder: string;
  readonly options: ts.CompilerOptions;
  readonly ambient: Ambient;
  readonly isCancelled: () => boolean;
}

interface VirtualFile {
  readonly snapshot: ts.IScriptSnapshot;
  readonly text: string;
  readonly version: string;
}

/** The files of a notebook without cells. */
export function createCellHost({ folder, options, ambient, isCancelled }: CellHostOptions): CellHost {
  const ts = typescript();
  const { sys } = ts;
  const [cellFile, ambientFile] = [join(folder, "__cell.ts"), join(folder, "__globals.d.ts")];
  const files = new Map<string, VirtualFile>();
  const disk = createDiskFiles();
  let version = 0;
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    if (files.get(path)?.text === text) return;
    files.set(path, { text, snapshot: ts.ScriptSnapshot.fromString(text), version: String(++version) });
  };
  const clear = () => {
    files.clear();
    write("__globals.d.ts", ambient.text);
    write("__cell.ts", "export {};");
  };
  clear();
  return {
    cellFile,
    write,
    clear,
    getCompilationSettings: () => options,
    getCurrentDirectory: () => folder,
    useCaseSensitiveFileNames: () => sys.useCaseSensitiveFileNames,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    getScriptFileNames: () => [ambientFile, ...ambient.files, cellFile],
    getScriptVersion: (path) => files.get(path)?.version ?? disk.versionOf(path),
    getScriptSnapshot: (path) => files.get(path)?.snapshot ?? disk.snapshotOf(path),
    getCancellationToken: () => ({ isCancellationRequested: isCancelled }),
    fileExists: (path) => files.has(path) || sys.fileExists(path),
    readFile: (path, encoding) => files.get(path)?.text ?? sys.readFile(path, encoding),
    readDirectory: (...parameters) => sys.readDirectory(...parameters),
    directoryExists: (path) => sys.directoryExists(path),
    getDirectories: (path) => sys.getDirectories(path),
    realpath: (path) => sys.realpath?.(path) ?? path,
  };
}

interface DiskFiles {
  versionOf(path: string): string;
  snapshotOf(path: string): ts.IScriptSnapshot | undefined;
}

/** Files of the disk, each read once a version: the language service asks for all of them at each question. */
function createDiskFiles(): DiskFiles {
  const { ScriptSnapshot, sys } = typescript();
  const read = new Map<string, { readonly version: string; readonly snapshot: ts.IScriptSnapshot | undefined }>();
  return {
    versionOf: versionOnDisk,
    snapshotOf(path) {
      const version = versionOnDisk(path);
      const known = read.get(path);
      if (known?.version === version) return known.snapshot;
      const text = sys.readFile(path);
      const snapshot = text === undefined ? undefined : ScriptSnapshot.fromString(text);
      read.set(path, { version, snapshot });
      return snapshot;
    },
  };
}

/** Packages are taken to stay as they are, since they are most of the files. */
function versionOnDisk(path: string): string {
  if (path.includes("/node_modules/")) return "";
  return String(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? "");
}
