import type ts from "typescript";
import { typescript } from "./typescript.ts";

/** The names that a cell uses as types and never as values: an import of nothing else may have no module behind it. */
export function typeOnlyNames(file: ts.SourceFile): Set<string> {
  const ts = typescript();
  if (!file.statements.some(ts.isImportDeclaration)) return new Set();
  const [types, values] = [new Set<string>(), new Set<string>()];
  const visit = (node: ts.Node, isType: boolean): void => {
    if (ts.isIdentifier(node)) (isType ? types : values).add(node.text);
    const isTypeHere = isType || isTypeSyntax(node);
    ts.forEachChild(node, (child) => {
      visit(child, isTypeHere);
    });
  };
  for (const statement of file.statements) if (!ts.isImportDeclaration(statement)) visit(statement, false);
  return new Set([...types].filter((name) => !values.has(name)));
}

function isTypeSyntax(node: ts.Node): boolean {
  const ts = typescript();
  if (ts.isHeritageClause(node)) return node.token === ts.SyntaxKind.ImplementsKeyword;
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return true;
  return ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node);
}
