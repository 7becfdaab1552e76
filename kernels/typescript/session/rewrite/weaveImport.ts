import type ts from "typescript";
import { cellName } from "./guardedNames.ts";
import { typescript } from "./typescript.ts";

/** An import as the executor does it; its promise is for the namespace of the module. */
export const importFunction = "__numalab.import";

/** What the text of an import depends on beside itself. */
export interface ImportOptions {
  readonly file: ts.SourceFile;
  readonly cellId: number;
  readonly typeOnly: ReadonlySet<string>;
  readonly guarded: ReadonlySet<string>;
}

/** A static import as a statement that declares its names with `let`; empty when it imports types only. */
export function importText(declaration: ts.ImportDeclaration, options: ImportOptions): string {
  const { importClause } = declaration;
  const names = importClause === undefined ? [] : importedNames(importClause);
  if (importClause !== undefined && names.length === 0) return "";
  const isTypeOnly = names.length > 0 && names.every(({ local }) => options.typeOnly.has(local));
  const call = `${importFunction}(${argumentsOf(declaration, options.file)})${isTypeOnly ? withoutModule : ""}`;
  const value = `__numalab.awaited(${options.cellId}, await ${call})`;
  return names.length === 0 ? `${value};` : `let ${patternsOf(names, options).join(` = ${value}, `)} = ${value};`;
}

/** What is imported for its types may have types and nothing else. */
const withoutModule =
  ".catch((error) => { if (error?.code === 'ERR_MODULE_NOT_FOUND' || error?.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') " +
  "return {}; throw error; })";

/** A name that an import declares; `imported` is null for the namespace. */
interface ImportedName {
  readonly imported: string | null;
  readonly local: string;
}

function importedNames({ name, namedBindings }: ts.ImportClause): ImportedName[] {
  const own = name === undefined ? [] : [{ imported: "default", local: name.text }];
  if (namedBindings === undefined) return own;
  if (typescript().isNamespaceImport(namedBindings))
    return [...own, { imported: null, local: namedBindings.name.text }];
  const values = namedBindings.elements.filter(({ isTypeOnly }) => !isTypeOnly);
  const named = values.map((element) => ({
    imported: JSON.stringify((element.propertyName ?? element.name).text),
    local: element.name.text,
  }));
  return [...own, ...named];
}

/** What the module is assigned to: a pattern of its names, and the namespace itself. */
function patternsOf(names: readonly ImportedName[], { guarded }: ImportOptions): string[] {
  const properties = names.filter(({ imported }) => imported !== null);
  const pattern = properties.map(({ imported, local }) => `${imported ?? ""}: ${cellName(local, guarded)}`).join(", ");
  const whole = names.filter(({ imported }) => imported === null).map(({ local }) => cellName(local, guarded));
  return [...(properties.length > 0 ? [`{ ${pattern} }`] : []), ...whole];
}

function argumentsOf({ moduleSpecifier, attributes }: ts.ImportDeclaration, file: ts.SourceFile): string {
  const specifier = moduleSpecifier.getText(file);
  if (attributes === undefined) return specifier;
  const text = attributes.getText(file); // with { type: "json" }
  return `${specifier}, { with: ${text.slice(text.indexOf("{"))} }`;
}
