import { namesOf } from "../rewrite/declarations.ts";
import { parseCell } from "../rewrite/parseCell.ts";
import type { OpenCell } from "./openCell.ts";
import type { Scope } from "./scope.ts";

/** The statements of a cell that declare what stands at a position of the open one; empty when no cell does. */
export function sourceAt({ service, file, code, offset }: OpenCell, position: number, scope: Scope): string {
  const [found] = service.getDefinitionAtPosition(file, offset + position) ?? [];
  if (found === undefined || !/\/__cell[^/]*$/.test(found.fileName)) return "";
  const isOwn = found.fileName === file && found.textSpan.start >= offset;
  const cell = parseCell(isOwn ? code : (scope.find(found.name)?.code ?? ""));
  const declaring = cell.statements.filter((one) => namesOf(one).some(([name]) => name === found.name));
  return declaring.map((one) => one.getText(cell)).join("\n");
}
