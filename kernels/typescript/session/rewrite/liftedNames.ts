import type ts from "typescript";
import { varNames } from "./declarations.ts";
import { typescript } from "./typescript.ts";

/** The names that must be there before the first statement: each `var`, and functions named before they are declared. */
export function liftedNames(file: ts.SourceFile): Set<string> {
  const ts = typescript();
  const lifted = varNames(file);
  if (!file.statements.some(ts.isFunctionDeclaration)) return lifted;
  const seen = new Set(lifted);
  const see = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) seen.add(node.text);
    ts.forEachChild(node, see);
  };
  for (const statement of file.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name !== undefined && seen.has(statement.name.text))
      lifted.add(statement.name.text);
    see(statement);
  }
  return lifted;
}
