import type ts from "typescript";
import { typescript } from "./typescript.ts";

/** What libraries look for to learn where they run. */
const environmentNames = ["window", "document", "self", "location", "define", "module", "exports", "Deno", "Bun"];

const guarded: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(globalThis), ...environmentNames]);

/** Looks like nothing, and makes another name of a name. */
const mark = "\u200c";

/**
 * Whether a cell must not give the name to all the program: a top-level `let` is seen by every module, so that after
 * `import { setTimeout } from "node:timers/promises"` no library could wait any more.
 */
export function isGuarded(name: string): boolean {
  return guarded.has(name);
}

/** The name by which cells know what they call by a guarded name. */
export function cellName(name: string, guardedNames: ReadonlySet<string>): string {
  return guardedNames.has(name) ? name + mark : name;
}

/** Whether an identifier names a member of something, and neither a variable nor a label. */
export function isMemberName(node: ts.Identifier): boolean {
  const ts = typescript();
  const { parent } = node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  const canBeMember =
    ts.isPropertyAccessExpression(parent) || ts.isObjectLiteralElement(parent) || ts.isClassElement(parent);
  return canBeMember && parent.name === node;
}

/** Whether an identifier names a member and a variable in one, as in `{ a }`. */
export function isShorthand(node: ts.Identifier): boolean {
  const ts = typescript();
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return parent.name === node;
  const isElement = ts.isBindingElement(parent) && parent.name === node && ts.isObjectBindingPattern(parent.parent);
  return isElement && parent.propertyName === undefined && parent.dotDotDotToken === undefined;
}
