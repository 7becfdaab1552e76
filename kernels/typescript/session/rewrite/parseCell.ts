import type ts from "typescript";
import type { SyntaxFault } from "./cellSyntaxError.ts";
import { hasOwnVariables } from "./declarations.ts";
import { typescript } from "./typescript.ts";

/** The syntax tree of a cell, or of the JavaScript made of it: always a module, so that it may await. */
export function parseCell(code: string, kind: "ts" | "js" = "ts"): ts.SourceFile {
  const { createSourceFile, JSDocParsingMode, ModuleKind, ScriptKind, ScriptTarget } = typescript();
  const options: ts.CreateSourceFileOptions = {
    languageVersion: ScriptTarget.ESNext,
    impliedNodeFormat: ModuleKind.ESNext,
    jsDocParsingMode: JSDocParsingMode.ParseNone,
    setExternalModuleIndicator: (file) => void Object.assign(file, { externalModuleIndicator: true }),
  };
  const scriptKind = kind === "ts" ? ScriptKind.TS : ScriptKind.JS;
  return withoutOverlap(createSourceFile(`cell.${kind}`, code, options, true, scriptKind));
}

/** After `await {` the parser of TypeScript 6.0 keeps statements of its first try beside those of its second. */
function withoutOverlap(file: ts.SourceFile): ts.SourceFile {
  let end = 0;
  const statements = file.statements.filter((statement) => {
    if (statement.pos < end) return false;
    ({ end } = statement);
    return true;
  });
  if (statements.length === file.statements.length) return file;
  return Object.assign(file, { statements: typescript().factory.createNodeArray(statements) });
}

/** What the parser found wrong, in the order of the code. */
export function parseFaults(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as ts.SourceFile & { readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
}

/** The first thing that is wrong with a cell; null when it parses. */
export function syntaxFault(file: ts.SourceFile): SyntaxFault | null {
  const [first] = parseFaults(file);
  if (first !== undefined) return { start: first.start, length: first.length, message: flatMessage(first) };
  const stray = strayReturn(file);
  if (stray === null) return null;
  return { start: stray.getStart(file), length: "return".length, message: "A cell has nothing to return from." };
}

function strayReturn(file: ts.SourceFile): ts.ReturnStatement | null {
  const ts = typescript();
  const visit = (node: ts.Node): ts.ReturnStatement | undefined => {
    if (ts.isReturnStatement(node)) return node;
    return hasOwnVariables(node) ? undefined : ts.forEachChild(node, visit);
  };
  return ts.forEachChild(file, visit) ?? null;
}

/** The message of a diagnostic, its reasons indented below it. */
export function flatMessage({ messageText }: ts.Diagnostic): string {
  return typescript().flattenDiagnosticMessageText(messageText, "\n");
}
