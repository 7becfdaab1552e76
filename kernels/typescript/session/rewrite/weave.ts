import type ts from "typescript";
import { resultFunction, type Erased } from "./erase.ts";
import { declarationsOf } from "./declarations.ts";
import { cellName, isGuarded } from "./guardedNames.ts";
import { liftedNames } from "./liftedNames.ts";
import { typescript } from "./typescript.ts";
import { weaveNode, type Weaving } from "./weaveNode.ts";
import { weaveStatement } from "./weaveStatement.ts";
import { createWeaver, type Weaver } from "./weaver.ts";

/** What weaving must know besides the JavaScript. */
export interface WeaveOptions {
  readonly cellId: number;
  /** Names that the cell uses as types only. */
  readonly typeOnly: ReadonlySet<string>;
  /** Names of earlier cells. */
  readonly known: ReadonlySet<string>;
  /** Names that the person declared with `var`, unlike those that the compiler did. */
  readonly vars: ReadonlySet<string>;
}

/**
 * JavaScript for V8's REPL mode. That mode lets a `let` follow a `let` and refuses nearly all else, so every name of
 * the cell becomes a `let`; what JavaScript lifts to the start, a `var` or a function, is declared there.
 */
export function weave(erased: Erased, { cellId, typeOnly, known, vars }: WeaveOptions): Weaver {
  const ts = typescript();
  const { file } = erased;
  const weaver = createWeaver(file.text);
  const lifted = liftedNames(file);
  const guarded = new Set([...known, ...declarationsOf(file).keys()].filter(isGuarded));
  const weaving: Weaving = { file, weaver, cellId, typeOnly, lifted, guarded, isInFunction: false };
  const lets = [...lifted].map((name) => liftedText(cellName(name, guarded), vars.has(name) && known.has(name)));
  weaver.first(() => {
    weaver.insert(`"use strict";${lets.join("")}`);
  });
  weaver.skipTo(ts.getShebang(file.text)?.length ?? 0);
  const last = erased.isResultMarked ? null : file.statements.findLast((statement) => !ts.isEmptyStatement(statement));
  for (const statement of file.statements) {
    weaver.copyTo(statement.getStart(file));
    if (statement === last && ts.isExpressionStatement(last)) weaveResult(weaving, last);
    else if (ts.isExportAssignment(statement)) weaveExportAssignment(weaving, statement, statement === last);
    else weaveStatement(weaving, statement);
  }
  weaver.copyTo(file.text.length);
  return weaver;
}

/** A `var` that is there already keeps its value, unless a cell that failed has never given it one. */
function liftedText(name: string, isKept: boolean): string {
  return isKept ? `let ${name} = (() => { try { return ${name}; } catch {} })();` : `let ${name};`;
}

function weaveResult(weaving: Weaving, { expression }: ts.ExpressionStatement | ts.ExportAssignment): void {
  weaving.weaver.insert(`${resultFunction}((`);
  weaveNode(weaving, expression);
  weaving.weaver.insert("))");
}

/** `export default x` is `x`. */
function weaveExportAssignment(weaving: Weaving, statement: ts.ExportAssignment, isLast: boolean): void {
  const { weaver, file } = weaving;
  weaver.insert(";");
  weaver.skipTo(statement.expression.getStart(file));
  if (isLast) weaveResult(weaving, statement);
  else weaveNode(weaving, statement.expression);
}
