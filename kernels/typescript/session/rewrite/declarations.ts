import type ts from "typescript";
import { typescript } from "./typescript.ts";

/** What a name stands for. */
export type DeclarationKind = "const" | "let" | "var" | "function" | "class" | "enum" | "namespace" | "import" | "type";

/** The names that a cell declares for itself and for later cells. */
export function declarationsOf(file: ts.SourceFile): Map<string, DeclarationKind> {
  const declared = new Map<string, DeclarationKind>();
  const add = (name: string, kind: DeclarationKind) => {
    if (kind === "type" ? !declared.has(name) : (declared.get(name) ?? "type") === "type") declared.set(name, kind);
  };
  for (const statement of file.statements) for (const [name, kind] of namesOf(statement)) add(name, kind);
  for (const name of varNames(file)) add(name, "var");
  return declared;
}

/** The names that one statement declares. */
export function namesOf(statement: ts.Statement): (readonly [string, DeclarationKind])[] {
  const ts = typescript();
  if (ts.isVariableStatement(statement)) {
    const kind = isAmbient(statement) ? "type" : kindOfList(statement.declarationList);
    return statement.declarationList.declarations.flatMap(({ name }) => boundNames(name).map((bound) => [bound, kind]));
  }
  if (ts.isImportDeclaration(statement)) return importedNames(statement.importClause);
  const kind = isAmbient(statement) ? "type" : kindOfStatement(statement);
  const { name } = statement as { readonly name?: ts.Node };
  return kind === null || name === undefined || !ts.isIdentifier(name) ? [] : [[name.text, kind]];
}

/** Whether a statement only says what is there: `declare …`. */
function isAmbient(statement: ts.Statement): boolean {
  const ts = typescript();
  if (!ts.canHaveModifiers(statement)) return false;
  return statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false;
}

function kindOfStatement(statement: ts.Statement): DeclarationKind | null {
  const { SyntaxKind } = typescript();
  const kinds: Partial<Record<ts.SyntaxKind, DeclarationKind>> = {
    [SyntaxKind.FunctionDeclaration]: "function",
    [SyntaxKind.ClassDeclaration]: "class",
    [SyntaxKind.EnumDeclaration]: "enum",
    [SyntaxKind.ModuleDeclaration]: "namespace",
    [SyntaxKind.InterfaceDeclaration]: "type",
    [SyntaxKind.TypeAliasDeclaration]: "type",
    [SyntaxKind.ImportEqualsDeclaration]: "import",
  };
  return kinds[statement.kind] ?? null;
}

function kindOfList({ flags }: ts.VariableDeclarationList): DeclarationKind {
  const { NodeFlags } = typescript();
  if ((flags & (NodeFlags.Const | NodeFlags.Using)) !== 0) return "const";
  return (flags & NodeFlags.Let) === 0 ? "var" : "let";
}

function importedNames(clause: ts.ImportClause | undefined): (readonly [string, DeclarationKind])[] {
  const ts = typescript();
  if (clause === undefined) return [];
  const { name, namedBindings, phaseModifier } = clause;
  const kind = phaseModifier === ts.SyntaxKind.TypeKeyword ? "type" : "import";
  const own = name === undefined ? [] : [[name.text, kind] as const];
  if (namedBindings === undefined) return own;
  if (ts.isNamespaceImport(namedBindings)) return [...own, [namedBindings.name.text, kind]];
  const named = namedBindings.elements.map(
    (element) => [element.name.text, element.isTypeOnly ? "type" : kind] as const,
  );
  return [...own, ...named];
}

/** The names that a pattern binds. */
export function boundNames(name: ts.BindingName): string[] {
  const ts = typescript();
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
}

/** The names declared with `var` outside of any function, however deep in blocks and loops. */
export function varNames(file: ts.SourceFile): Set<string> {
  const ts = typescript();
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (hasOwnVariables(node)) return;
    if (ts.isVariableDeclarationList(node) && isVarList(node))
      for (const { name } of node.declarations) for (const bound of boundNames(name)) names.add(bound);
    ts.forEachChild(node, visit);
  };
  file.statements.forEach(visit);
  return names;
}

/** Whether a list of variables is a `var`. */
export function isVarList(list: ts.VariableDeclarationList): boolean {
  return (list.flags & typescript().NodeFlags.BlockScoped) === 0;
}

/** Whether a `var` inside of a node stays there. */
export function hasOwnVariables(node: ts.Node): boolean {
  const ts = typescript();
  return (
    ts.isFunctionLike(node) ||
    ts.isClassStaticBlockDeclaration(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isModuleDeclaration(node)
  );
}
