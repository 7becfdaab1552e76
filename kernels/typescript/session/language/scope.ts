import type ts from "typescript";
import { declarationsOf, namesOf, type DeclarationKind } from "../rewrite/declarations.ts";
import { parseCell } from "../rewrite/parseCell.ts";
import { typescript } from "../rewrite/typescript.ts";

/** Where a name was declared. */
export interface Declared {
  readonly cell: number;
  readonly kind: DeclarationKind;
  /** What was written in that cell. */
  readonly code: string;
}

/** The names that a cell sees of earlier cells. */
export interface Scope {
  /** Where a name was declared last; undefined when it was not. */
  find(name: string): Declared | undefined;
  /** All names, those of late cells first. */
  names(): string[];
}

/** The names of a notebook, cell by cell. */
export interface NotebookNames {
  readonly cellsCount: number;
  /** What a cell sees that comes after so many. */
  scopeAfter(cellsCount: number): Scope;
  /** Appends a cell. */
  add(declared: ReadonlyMap<string, DeclarationKind>, code: string): void;
  /** Takes away all cells. */
  clear(): void;
}

/** The names of a notebook without cells. */
export function createNotebookNames(): NotebookNames {
  const history = new Map<string, Declared[]>();
  let cellsCount = 0;
  return {
    get cellsCount() {
      return cellsCount;
    },
    scopeAfter: (count) => ({
      find: (name) => history.get(name)?.findLast(({ cell }) => cell < count),
      names: () => [...history.keys()].reverse(),
    }),
    add(declared, code) {
      for (const [name, kind] of declared) {
        const all = history.get(name) ?? [];
        history.delete(name);
        history.set(name, [...all, { cell: cellsCount, kind, code }]);
      }
      cellsCount++;
    },
    clear() {
      history.clear();
      cellsCount = 0;
    },
  };
}

/** A cell as a module: it imports what it uses of earlier cells, and exports what it declares. */
export interface CellModule {
  readonly text: string;
  /** The cell's own text starts here. */
  readonly offset: number;
  readonly declared: ReadonlyMap<string, DeclarationKind>;
}

/** The name of the module of a finished cell, without its extension. */
export const moduleOf = (cell: number) => `./__cell_${cell}`;

/**
 * A cell as a module.
 * @param wanted names that are imported although the cell does not have them
 */
export function cellModule(code: string, scope: Scope, wanted: readonly string[] = []): CellModule {
  const file = parseCell(code);
  const declared = declarationsOf(file);
  const used = new Set([...(code.match(/[\p{ID_Continue}$]+/gu) ?? []), ...wanted]);
  const imports = [...used].filter((name) => !declared.has(name)).map((name) => importOf(name, scope.find(name)));
  const head = `export {};${imports.join("")}\n`;
  const exported = exportedNames(file);
  const tail = `\nexport { ${[...declared.keys()].filter((name) => !exported.has(name)).join(", ")} };`;
  return { text: head + code + tail, offset: head.length, declared };
}

/** An import cannot be assigned to; what can be is declared anew. */
function importOf(name: string, found: Declared | undefined): string {
  if (found === undefined) return "";
  const module = JSON.stringify(moduleOf(found.cell));
  const isAssignable = found.kind === "let" || found.kind === "var";
  return isAssignable
    ? ` declare let ${name}: typeof import(${module}).${name};`
    : ` import { ${name} } from ${module};`;
}

function exportedNames(file: ts.SourceFile): Set<string> {
  const ts = typescript();
  return new Set(
    file.statements.flatMap((statement) => {
      if (isExported(statement)) return namesOf(statement).map(([name]) => name);
      if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) return [];
      const { exportClause } = statement;
      return ts.isNamedExports(exportClause)
        ? exportClause.elements.map(({ name }) => name.text)
        : [exportClause.name.text];
    }),
  );
}

/** A default export does not carry the name out. */
function isExported(statement: ts.Statement): boolean {
  const { canHaveModifiers, SyntaxKind } = typescript();
  const kinds = (canHaveModifiers(statement) ? (statement.modifiers ?? []) : []).map(({ kind }) => kind);
  return kinds.includes(SyntaxKind.ExportKeyword) && !kinds.includes(SyntaxKind.DefaultKeyword);
}
