import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";

const sdk = resolve(import.meta.dirname, "../sdk");
const layers = Object.keys(JSON.parse(readFileSync(join(sdk, "layers.json"), "utf8")) as Record<string, string>);

interface ErrorClass {
  readonly name: string;
  /** Below sdk/: `launch/errors.ts`. */
  readonly file: string;
  readonly isExported: boolean;
  /** What stands after `extends`: `NumalabError<"a" | "b">`. */
  readonly base: ts.ExpressionWithTypeArguments | undefined;
}

function errorClassesIn(file: string): ErrorClass[] {
  const source = ts.createSourceFile(file, readFileSync(join(sdk, file), "utf8"), ts.ScriptTarget.Latest, true);
  const classes = source.statements.filter((statement) => ts.isClassDeclaration(statement));
  return classes
    .filter(({ name }) => name?.text.endsWith("Error"))
    .map(({ name, heritageClauses, modifiers }) => ({
      name: name!.text,
      file,
      isExported: modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false,
      base: heritageClauses?.[0]?.types[0],
    }));
}

/** Whether a type is a union of string literals, written in place or under names of the same file. */
function isLiteralUnion(type: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(type)) return type.types.every(isLiteralUnion);
  if (ts.isTypeReferenceNode(type)) {
    const aliases = type.getSourceFile().statements.filter((statement) => ts.isTypeAliasDeclaration(statement));
    const alias = aliases.find(({ name }) => name.text === type.typeName.getText());
    return alias !== undefined && isLiteralUnion(alias.type);
  }
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal);
}

const files = readdirSync(sdk, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const classes = files.filter((file) => file !== "errors.ts").flatMap(errorClassesIn);

test("a layer with errors has one class of them, exported from its errors.ts", () => {
  const expected = layers.map((layer) => join(layer, "errors.ts")).filter((file) => existsSync(join(sdk, file)));
  expect(classes.map(({ file }) => file).sort()).toEqual(expected.sort());
  expect(classes.filter(({ isExported }) => !isExported).map(({ name }) => name)).toEqual([]);
});

test("every error class extends NumalabError with its codes written out", () => {
  expect(classes.length).toBeGreaterThan(0);
  const vague = classes.filter(({ base }) => {
    const codes = base?.typeArguments?.[0];
    return base?.expression.getText() !== "NumalabError" || codes === undefined || !isLiteralUnion(codes);
  });
  expect(vague.map(({ name }) => name)).toEqual([]);
});
