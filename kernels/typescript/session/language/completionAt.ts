import type ts from "typescript";
import type { DeclarationKind } from "../rewrite/declarations.ts";
import { typescript } from "../rewrite/typescript.ts";
import type { Completion } from "../session.ts";
import type { OpenCell } from "./openCell.ts";
import type { Scope } from "./scope.ts";

/** What could stand where the cursor is, as far as types tell. */
export interface TypedCompletion extends Completion {
  /** The expression before the dot when types do not know the member; reading it calls nothing. */
  readonly memberOf: string | null;
}

/** Longer lists nobody reads. */
const longestList = 500;

/** What could stand at a position of the open cell. Everything begins with what is there already. */
export function completionAt(cell: OpenCell, position: number, scope: Scope): TypedCompletion {
  const { service, file, code, offset } = cell;
  const found = service.getCompletionsAtPosition(file, offset + position, {});
  const start = Math.max(0, (spanOf(found)?.start ?? Infinity) - offset);
  const from = start <= position ? start : position - wordBefore(code, position).length;
  const prefix = code.slice(from, position);
  const typed = entriesOf(found, prefix).map(({ name, kind }) => ({
    name,
    kind: kindOf(kind, scope.find(name)?.kind),
  }));
  const own = prefix === "" && found?.isGlobalCompletion === true ? namesOf(scope) : [];
  const all = [...own, ...typed].slice(0, longestList);
  const isComment = service.getSpanOfEnclosingComment(file, offset + position, false) !== undefined;
  const memberOf = all.length === 0 && !isComment ? memberedExpression(code.slice(0, position)) : null;
  return {
    matches: all.map(({ name }) => name),
    kinds: all.map(({ kind }) => kind),
    start: from,
    end: position,
    memberOf,
  };
}

/** The part of a word that stands before a position. */
export function wordBefore(code: string, position: number): string {
  return /[\p{ID_Continue}$]*$/u.exec(code.slice(0, position))?.[0] ?? "";
}

/** What the chosen entry replaces; the language service leaves it open where that is a plain word. */
function spanOf(found: ts.CompletionInfo | undefined): ts.TextSpan | undefined {
  return (
    found?.entries.find(({ replacementSpan }) => replacementSpan)?.replacementSpan ?? found?.optionalReplacementSpan
  );
}

function entriesOf(found: ts.CompletionInfo | undefined, prefix: string): ts.CompletionEntry[] {
  const { warning } = typescript().ScriptElementKind;
  const entries = (found?.entries ?? []).filter(
    ({ name, kind }) => name.startsWith(prefix) && kind !== warning && name !== "node_modules",
  );
  return entries.sort((a, b) => compare(a.sortText, b.sortText) || compare(a.name, b.name));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function namesOf(scope: Scope) {
  return scope.names().map((name) => ({ name, kind: kindOf("alias", scope.find(name)?.kind) }));
}

/** The words of front ends, which have a picture for each, for those of the language service. */
const frontEndKinds: Readonly<Record<string, string>> = {
  const: "constant",
  let: "variable",
  var: "variable",
  "local var": "variable",
  using: "constant",
  "await using": "constant",
  parameter: "variable",
  "local function": "function",
  "local class": "class",
  getter: "property",
  setter: "property",
  "enum member": "enum",
  "external module name": "module",
  namespace: "module",
  import: "variable",
  directory: "path",
  script: "path",
  string: "value",
  "primitive type": "type",
  "type parameter": "type",
};

function kindOf(kind: string, declared: DeclarationKind | undefined): string {
  const word = kind === "alias" ? (declared ?? "import") : kind;
  return frontEndKinds[word] ?? word;
}

/** The expression before the last dot, if it is made of names, members and literal keys only. */
function memberedExpression(before: string): string | null {
  const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
  const step = String.raw`\??\.${name}|(?:\?\.)?\[(?:\d+|"[^"\\\n]*"|'[^'\\\n]*')\]`;
  const found = new RegExp(
    String.raw`(?<![\p{ID_Continue}$.)\]"'\x60])(${name}(?:${step})*)\??\.(?:${name})?$`,
    "u",
  ).exec(before);
  return found?.[1] ?? null;
}
