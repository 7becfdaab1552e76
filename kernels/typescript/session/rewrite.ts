import { syntaxError, CellSyntaxError, type NamedText } from "./rewrite/cellSyntaxError.ts";
import { compileFault } from "./rewrite/compileFault.ts";
import { declarationsOf, varNames, type DeclarationKind } from "./rewrite/declarations.ts";
import { erase } from "./rewrite/erase.ts";
import { parseCell, syntaxFault } from "./rewrite/parseCell.ts";
import { slowLoopHint } from "./rewrite/slowLoop.ts";
import { formatSourceMap } from "./rewrite/sourceMap.ts";
import { typeOnlyNames } from "./rewrite/typeOnlyNames.ts";
import { weave } from "./rewrite/weave.ts";
import { sourceName } from "./sourceName.ts";

export { CellSyntaxError, type DeclarationKind };

/** A cell, or an expression evaluated after it, to be rewritten. */
export interface CellText extends NamedText {
  readonly cellId: number;
}

/** A cell as V8's REPL mode takes it. */
export interface Rewritten {
  /** Ends with an inline source map, by which every position is that of the cell, and with its name as `//# sourceURL`. */
  readonly javascript: string;
  /** The names that the cell gives to later ones. */
  readonly declared: ReadonlyMap<string, DeclarationKind>;
  /** Something the person should know about the cell; null when there is nothing. */
  readonly hint: string | null;
}

/** Turns the cells of one session into JavaScript. */
export interface Rewriter {
  /**
   * The cell as JavaScript; nothing is run.
   * @throws {CellSyntaxError} when it is no TypeScript
   */
  rewrite(cell: CellText): Rewritten;
  /** The cell ran: its names are known from now on. */
  commit(rewritten: Rewritten): void;
  /** The executor is fresh: no name is known. */
  forget(): void;
}

/** A rewriter that knows no name yet. The compiler is loaded by the first rewriting. */
export function createRewriter(): Rewriter {
  const known = new Map<string, DeclarationKind>();
  let isHinted = false;
  return {
    rewrite(cell) {
      const { hint, ...rewritten } = rewriteCell(cell, known);
      const said = isHinted ? null : hint;
      isHinted ||= hint !== null;
      return { ...rewritten, hint: said };
    },
    commit({ declared }) {
      for (const [name, kind] of declared) known.set(name, kind);
    },
    forget: () => {
      known.clear();
    },
  };
}

function valuesOf(names: ReadonlyMap<string, DeclarationKind>): Set<string> {
  return new Set([...names].filter(([, kind]) => kind !== "type").map(([name]) => name));
}

function rewriteCell(cell: CellText, known: ReadonlyMap<string, DeclarationKind>): Rewritten {
  try {
    return rewriteFlat(cell, known);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw syntaxError({ start: 0, length: 1, message: "This is nested too deeply to be read." }, cell);
  }
}

function rewriteFlat(cell: CellText, known: ReadonlyMap<string, DeclarationKind>): Rewritten {
  const { cellId, executionCount, code, kind } = cell;
  const file = parseCell(code);
  const fault = syntaxFault(file);
  if (fault !== null) throw syntaxError(fault, cell);
  const erased = erase(file);
  const woven = weave(erased, { cellId, typeOnly: typeOnlyNames(file), known: valuesOf(known), vars: varNames(file) });
  const mappings = woven.mappings(erased.locate);
  const text = woven.text();
  const compiledFault = compileFault(text, mappings, code);
  if (compiledFault !== null) throw syntaxError(compiledFault, cell);
  const name = sourceName(executionCount, kind);
  const declared = declarationsOf(file);
  return {
    javascript: `${text}\n${formatSourceMap(mappings, name)}\n//# sourceURL=${name}`,
    declared,
    hint: slowLoopHint(file, new Map([...known, ...declared])),
  };
}
