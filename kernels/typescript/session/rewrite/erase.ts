import type ts from "typescript";
import { parseCell, parseFaults } from "./parseCell.ts";
import { lineLocator, readMappings, type Locate } from "./sourceMap.ts";
import { blankSpace, typescript } from "./typescript.ts";

/** A cell without its types. */
export interface Erased {
  /** The syntax tree of the JavaScript. */
  readonly file: ts.SourceFile;
  /** Where a place of the JavaScript comes from in the cell. */
  readonly locate: Locate;
  /** Whether the last expression is wrapped already. */
  readonly isResultMarked: boolean;
}

/** The function that takes the value of the last expression. */
export const resultFunction = "__numalab.result";

/** The cell as JavaScript: with blanks for types where that is enough, else as the compiler writes it. */
export function erase(file: ts.SourceFile): Erased {
  return blank(file) ?? transpile(file);
}

function blank(file: ts.SourceFile): Erased | null {
  if (needsCompiler(file)) return null;
  if (!hasTypes(file)) return { file, locate: lineLocator(file.text), isResultMarked: false };
  const unerasable: ts.Node[] = [];
  const javascript = blankSpace().blankSourceFile(file, (node) => void unerasable.push(node));
  if (unerasable.length > 0) return null;
  const blanked = parseCell(javascript, "js");
  if (parseFaults(blanked).length > 0) return null; // without a type between them two class members have become one
  return { file: blanked, locate: lineLocator(javascript), isResultMarked: false };
}

/** Whether the parser has seen anything but JavaScript; of imported types `isTypeOnly` tells. */
function hasTypes(file: ts.SourceFile): boolean {
  const { TransformFlags } = typescript() as unknown as { TransformFlags: { readonly ContainsTypeScript: number } };
  const { transformFlags } = file as unknown as { readonly transformFlags: number };
  return (transformFlags & TransformFlags.ContainsTypeScript) !== 0;
}

/** Whether blanks are not enough: decorators, `accessor`, `using` and `import =`, which V8 does not know. */
function needsCompiler(file: ts.SourceFile): boolean {
  const ts = typescript();
  const visit = (node: ts.Node): boolean => {
    if (ts.isDecorator(node) || ts.isImportEqualsDeclaration(node) || node.kind === ts.SyntaxKind.AccessorKeyword)
      return true;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Using) !== 0) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return file.statements.some(visit);
}

function transpile({ text }: ts.SourceFile): Erased {
  const { ModuleDetectionKind, ModuleKind, ScriptTarget, transpileModule } = typescript();
  const { outputText, sourceMapText } = transpileModule(text, {
    fileName: "cell.ts",
    compilerOptions: {
      target: ScriptTarget.ES2022,
      module: ModuleKind.Preserve,
      moduleDetection: ModuleDetectionKind.Force,
      verbatimModuleSyntax: true,
      sourceMap: true,
    },
    transformers: { before: [markResult] },
  });
  const javascript = outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, "");
  const locate = readMappings(sourceMapText ?? "", javascript);
  return { file: parseCell(javascript, "js"), locate, isResultMarked: true };
}

/** Wraps the last expression before the compiler moves it into blocks of its own. */
const markResult: ts.TransformerFactory<ts.SourceFile> =
  ({ factory }) =>
  (file) => {
    const ts = typescript();
    const last = file.statements.findLast((statement) => !isErased(statement));
    const mark = (expression: ts.Expression) =>
      factory.createCallExpression(factory.createIdentifier(resultFunction), undefined, [expression]);
    const statements = file.statements.map((statement) => {
      if (!ts.isExpressionStatement(statement) && !ts.isExportAssignment(statement)) return statement;
      const { expression } = statement;
      const plain = factory.createExpressionStatement(statement === last ? mark(expression) : expression);
      return ts.setTextRange(plain, statement);
    });
    return factory.updateSourceFile(file, statements);
  };

function isErased(statement: ts.Statement): boolean {
  const ts = typescript();
  return ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement) || ts.isEmptyStatement(statement);
}
