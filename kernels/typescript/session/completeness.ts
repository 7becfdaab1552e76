import { parseCell, parseFaults } from "./rewrite/parseCell.ts";
import { typescript } from "./rewrite/typescript.ts";
import type { Completeness } from "./session.ts";

/** Found at the end of the code though no further line can mend it: a string or a number that breaks off. */
const hopelessCodes = new Set([1002, 1124]);

/** A comment or a template that goes on: what is in it is not indented for the person. */
const openTextCodes = new Set([1010, 1160]);

/** Whether code can be run as it stands; it is incomplete when the first thing wrong with it is that it ends. */
export function isComplete(code: string): Completeness {
  const [first] = parseFaults(parseCell(code));
  if (first === undefined) return { status: "complete" };
  if (hopelessCodes.has(first.code) || !isAtEnd(code, first.start)) return { status: "invalid" };
  return { status: "incomplete", indent: openTextCodes.has(first.code) ? "" : nextIndent(code) };
}

/** Whether nothing but spaces and comments follows. */
function isAtEnd(code: string, offset: number): boolean {
  const { createScanner, ScriptTarget, SyntaxKind } = typescript();
  const scanner = createScanner(ScriptTarget.ESNext, true);
  scanner.setText(code, offset);
  return scanner.scan() === SyntaxKind.EndOfFileToken;
}

const step = "  ";

/** As deep as the last line, and deeper after what opens something. */
function nextIndent(code: string): string {
  const line = code.trimEnd().split("\n").at(-1) ?? "";
  const [indent = ""] = /^\s*/.exec(line) ?? [];
  return /(?:[([]|(?<!\$)\{|=>)\s*(?:\/\/.*)?$/.test(line) ? indent + step : indent;
}
