import type ts from "typescript";
import { hasOwnVariables, isVarList } from "./declarations.ts";
import { cellName, isMemberName, isShorthand } from "./guardedNames.ts";
import { typescript } from "./typescript.ts";
import { importFunction } from "./weaveImport.ts";
import type { Weaver } from "./weaver.ts";

/** A cell on its way through the loom. */
export interface Weaving {
  readonly file: ts.SourceFile;
  readonly weaver: Weaver;
  readonly cellId: number;
  /** Names that the cell uses as types only. */
  readonly typeOnly: ReadonlySet<string>;
  /** Names that are declared before the first statement. */
  readonly lifted: ReadonlySet<string>;
  /** Names that mean one thing in cells and another to libraries. */
  readonly guarded: ReadonlySet<string>;
  /** Whether a `var` here is that of a function. */
  readonly isInFunction: boolean;
}

/** Weaves a node with all that is in it, and what stands before it. */
export function weaveNode(weaving: Weaving, node: ts.Node): void {
  const ts = typescript();
  weaving.weaver.copyTo(node.getStart(weaving.file));
  if (ts.isAwaitExpression(node)) weaveAwait(weaving, node);
  else if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) weaveForAwait(weaving, node);
  else if (ts.isVariableDeclarationList(node)) weaveList(weaving, node);
  else if (ts.isIdentifier(node)) weaveIdentifier(weaving, node);
  else if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
    replace(weaving, node, "__numalab.meta");
  else if (node.kind === ts.SyntaxKind.ImportKeyword) replace(weaving, node, importFunction);
  else weaveChildren(weaving, node);
  weaving.weaver.copyTo(node.end);
}

/** Weaves all that is in a node. */
export function weaveChildren(weaving: Weaving, node: ts.Node): void {
  const inner = !weaving.isInFunction && hasOwnVariables(node) ? { ...weaving, isInFunction: true } : weaving;
  typescript().forEachChild(node, (child) => {
    weaveNode(inner, child);
  });
}

/** An interrupted cell goes on after no `await`. */
function weaveAwait(weaving: Weaving, node: ts.AwaitExpression): void {
  const { weaver, cellId } = weaving;
  weaver.insert(`__numalab.awaited(${cellId}, `);
  weaveChildren(weaving, node);
  weaver.copyTo(node.end);
  weaver.insert(")");
}

function weaveForAwait(weaving: Weaving, { initializer, expression, statement }: ts.ForOfStatement): void {
  const { weaver, file, cellId } = weaving;
  weaveNode(weaving, initializer);
  weaveNode(weaving, expression);
  weaver.copyTo(statement.getStart(file));
  weaver.insert(`{ __numalab.awaited(${cellId}); `);
  weaveNode(weaving, statement);
  weaver.insert(" }");
}

/** A `var` outside of functions is declared already: `var a = 1, { b } = c` is `void (a = 1, { b } = c)`. */
function weaveList(weaving: Weaving, list: ts.VariableDeclarationList): void {
  const { weaver, file, isInFunction } = weaving;
  if (isInFunction || !isVarList(list)) {
    weaveChildren(weaving, list);
    return;
  }
  const isStatement = typescript().isVariableStatement(list.parent);
  if (isStatement) weaver.insert("void (");
  weaver.skipTo(list.declarations[0]?.getStart(file) ?? list.end);
  weaveChildren(weaving, list);
  weaver.copyTo(list.end);
  if (isStatement) weaver.insert(file.text.startsWith(";", list.parent.end - 1) ? ")" : ");");
}

function weaveIdentifier({ weaver, guarded }: Weaving, node: ts.Identifier): void {
  if (!guarded.has(node.text) || isMemberName(node)) return;
  weaver.insert(isShorthand(node) ? `${node.text}: ` : "");
  weaver.insert(cellName(node.text, guarded));
  weaver.skipTo(node.end);
}

function replace({ weaver }: Weaving, { end }: ts.Node, text: string): void {
  weaver.insert(text);
  weaver.skipTo(end);
}
