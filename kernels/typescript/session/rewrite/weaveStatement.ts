import type ts from "typescript";
import { typescript } from "./typescript.ts";
import { cellName } from "./guardedNames.ts";
import { importText } from "./weaveImport.ts";
import { weaveChildren, weaveNode, type Weaving } from "./weaveNode.ts";

/** Weaves a statement that stands in no other. */
export function weaveStatement(weaving: Weaving, statement: ts.Statement): void {
  const ts = typescript();
  leaveOutExport(weaving, statement);
  if (ts.isImportDeclaration(statement)) weaveImport(weaving, statement);
  else if (ts.isExportDeclaration(statement)) replaceTo(weaving, statement.end, ";");
  else if (ts.isFunctionDeclaration(statement)) weaveFunction(weaving, statement);
  else if (ts.isClassDeclaration(statement)) weaveClass(weaving, statement);
  else if (ts.isVariableStatement(statement)) weaveVariables(weaving, statement);
  else weaveNode(weaving, statement);
}

function leaveOutExport(weaving: Weaving, statement: ts.Statement): void {
  const ts = typescript();
  if (!ts.canHaveModifiers(statement)) return;
  const isExport = ({ kind }: ts.ModifierLike) =>
    kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword;
  const last = statement.modifiers?.findLast(isExport);
  if (last !== undefined) replaceTo(weaving, last.end, ";");
}

/** Imports are lifted before all statements, in their own order, as everywhere in JavaScript. */
function weaveImport(weaving: Weaving, declaration: ts.ImportDeclaration): void {
  const { weaver } = weaving;
  weaver.first(() => {
    weaver.insert(importText(declaration, weaving));
  });
  replaceTo(weaving, declaration.end, ";");
}

/** Without a name of its own, so that the function finds itself by the name that a later cell may give to another. */
function weaveFunction(weaving: Weaving, declaration: ts.FunctionDeclaration): void {
  const { file, weaver, lifted, guarded } = weaving;
  const { name } = declaration;
  if (name === undefined) {
    weaveNameless(weaving, declaration);
    return;
  }
  const target = cellName(name.text, guarded);
  const write = () => {
    weaver.insert(lifted.has(name.text) ? `${target} = ` : `let ${target} = `);
    weaver.copyTo(name.getStart(file));
    weaver.skipTo(name.end);
    weaveChildren(weaving, declaration);
    weaver.copyTo(declaration.end);
    weaver.insert(";");
  };
  if (!lifted.has(name.text)) {
    write();
    return;
  }
  weaver.first(write);
  weaver.insert(";"); // the lines around it must not become one statement
}

function weaveClass(weaving: Weaving, declaration: ts.ClassDeclaration): void {
  const { weaver, guarded } = weaving;
  if (declaration.name === undefined) {
    weaveNameless(weaving, declaration);
    return;
  }
  weaver.insert(`let ${cellName(declaration.name.text, guarded)} = `);
  weaveNode(weaving, declaration);
  weaver.insert(";");
}

/** The function or class of an `export default`. */
function weaveNameless(weaving: Weaving, declaration: ts.FunctionDeclaration | ts.ClassDeclaration): void {
  const { weaver } = weaving;
  weaver.insert("(");
  weaveChildren(weaving, declaration);
  weaver.copyTo(declaration.end);
  weaver.insert(");");
}

function weaveVariables(weaving: Weaving, statement: ts.VariableStatement): void {
  const { declarationList } = statement;
  const start = declarationList.getStart(weaving.file);
  if ((declarationList.flags & typescript().NodeFlags.Const) !== 0) {
    weaving.weaver.copyTo(start);
    replaceTo(weaving, start + "const".length, "let");
    weaveNode(weaving, declarationList);
    weaving.weaver.copyTo(statement.end);
  } else weaveNode(weaving, statement);
}

/** Puts a text in the place of the source up to an offset; lines stay lines. */
function replaceTo({ weaver }: Weaving, end: number, text: string): void {
  weaver.insert(text);
  weaver.clearTo(end);
}
