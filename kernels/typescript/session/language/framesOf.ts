import type ts from "typescript";
import { codeFrame } from "../rewrite/codeFrame.ts";
import { flatMessage } from "../rewrite/parseCell.ts";
import { typescript } from "../rewrite/typescript.ts";
import type { OpenCell } from "./openCell.ts";

/** More of them say nothing new. */
const mostFrames = 10;

/** What is wrong with the open cell: one text each, with the place, the number, the message and the line. */
export function framesOf(cell: OpenCell): string[] {
  const { service, file } = cell;
  const syntactic = service.getSyntacticDiagnostics(file);
  const all: readonly ts.Diagnostic[] =
    syntactic.length > 0 ? syntactic.slice(0, 1) : service.getSemanticDiagnostics(file);
  const shown = all.filter((diagnostic) => isShown(diagnostic, cell));
  const frames = shown.slice(0, mostFrames).map((diagnostic) => frameOf(diagnostic, cell));
  return shown.length > mostFrames ? [...frames, `… and ${shown.length - mostFrames} more`] : frames;
}

/** What is right in a cell though it is wrong in a module: two default exports, `export =`. */
const allowedCodes = new Set([1203, 2309, 2528]);

function isShown({ category, code, start }: ts.Diagnostic, { offset, code: cell }: OpenCell): boolean {
  if (category !== typescript().DiagnosticCategory.Error || start === undefined) return false;
  const isInCell = start >= offset && start <= offset + cell.length;
  return isInCell && !allowedCodes.has(code) && !isAboutImplicitAny(code);
}

/** Cells are drafts: what has no type yet may be anything. */
function isAboutImplicitAny(code: number): boolean {
  return code >= 7000 && code < 7100;
}

function frameOf(diagnostic: ts.Diagnostic, { code, offset }: OpenCell): string {
  const span = { start: (diagnostic.start ?? 0) - offset, length: diagnostic.length ?? 0 };
  const { line, column, text } = codeFrame(code, span);
  return `${line}:${column} - TS${diagnostic.code}: ${flatMessage(diagnostic)}\n${text}`;
}
