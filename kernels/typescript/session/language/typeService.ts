import type { MimeBundle } from "../cell.ts";
import { typescript } from "../rewrite/typescript.ts";
import { ambientOf } from "./ambient.ts";
import { createCellHost } from "./cellHost.ts";
import { completionAt, wordBefore, type TypedCompletion } from "./completionAt.ts";
import { framesOf } from "./framesOf.ts";
import { inspectionAt } from "./inspectionAt.ts";
import type { OpenCell } from "./openCell.ts";
import { projectOptions } from "./projectOptions.ts";
import { cellModule, createNotebookNames, moduleOf } from "./scope.ts";
import { sourceAt } from "./sourceAt.ts";

/** What knows the types of one notebook. Positions are UTF-16 offsets. */
export interface TypeService {
  /**
   * A text for each thing wrong with a cell.
   * @param cellsCount the cells that come before it; those committed later are not seen
   */
  check(code: string, cellsCount: number): string[];
  /** Later cells see what the cell declares. */
  commit(code: string): void;
  /** No cell has been. */
  forget(): void;
  complete(code: string, position: number): TypedCompletion;
  /** @param detailLevel at 1 it also tells what a cell has written to declare it */
  inspect(code: string, position: number, detailLevel: number): MimeBundle | null;
}

/** What a type service is for. */
export interface TypeServiceOptions {
  readonly workingFolder: string;
  /** Whether something more urgent waits: asked during checks, which then throw `OperationCanceledException`. */
  readonly isCancelled: () => boolean;
}

/** A beginning of a name that more than so many names have says little. */
const mostWanted = 100;

/** A type service without cells. It reads its libraries when it is first asked. */
export function createTypeService({ workingFolder: folder, isCancelled }: TypeServiceOptions): TypeService {
  const ts = typescript();
  const { options, remark } = projectOptions(folder);
  const host = createCellHost({ folder, options, ambient: ambientOf(folder, options), isCancelled });
  const service = ts.createLanguageService(host, ts.createDocumentRegistry());
  const names = createNotebookNames();
  const remarks = remark === null ? [] : [remark];
  const scopeAfter = (cellsCount = names.cellsCount) => names.scopeAfter(cellsCount);
  const open = (code: string, { scope = scopeAfter(), wanted = [] as readonly string[] } = {}): OpenCell => {
    const module = cellModule(code, scope, wanted);
    host.write("./__cell.ts", module.text);
    return { service, file: host.cellFile, code, ...module };
  };
  return {
    check: (code, cellsCount) => [...framesOf(open(code, { scope: scopeAfter(cellsCount) })), ...remarks.splice(0)],
    commit(code) {
      const cell = open(code);
      const declarations = declarationsOf(cell);
      const extension = declarations === null ? ".ts" : ".d.ts";
      host.write(moduleOf(names.cellsCount) + extension, declarations ?? cell.text);
      names.add(cell.declared, code);
    },
    forget() {
      names.clear();
      host.clear();
    },
    complete(code, position) {
      const scope = scopeAfter();
      const prefix = wordBefore(code, position);
      const wanted = prefix === "" ? [] : scope.names().filter((name) => name.startsWith(prefix));
      return completionAt(open(code, { scope, wanted: wanted.slice(0, mostWanted) }), position, scope);
    },
    inspect(code, position, detailLevel) {
      const cell = open(code);
      return inspectionAt(cell, position, detailLevel > 0 ? sourceAt(cell, position, scopeAfter()) : "");
    },
  };
}

/**
 * What a cell declares, with every type written out, so that later cells need to know nothing else of it, nor of the
 * cells before it; null when a type cannot be written.
 */
function declarationsOf({ service, file }: OpenCell): string | null {
  try {
    const program = service.getProgram();
    if (program === undefined || program.getDeclarationDiagnostics(program.getSourceFile(file)).length > 0) return null;
    return service.getEmitOutput(file, true, true).outputFiles[0]?.text ?? null;
  } catch {
    return null; // the compiler fails on some wrong code
  }
}
