import type ts from "typescript";
import { boundNames, type DeclarationKind } from "./declarations.ts";
import { typescript } from "./typescript.ts";

/** Fewer rounds than this are over before anybody notices. */
const manyRounds = 1e6;

/** Advice for the first loop that counts far and assigns a top-level variable at each round; null when there is none. */
export function slowLoopHint(file: ts.SourceFile, names: ReadonlyMap<string, DeclarationKind>): string | null {
  const constants = constantsOf(file);
  const hidden = namesInBlocks(file);
  const isSlow = (name: string) => names.has(name) && !hidden.has(name);
  for (const statement of file.statements) {
    const name = slowVariable(statement, { constants, isSlow, roundsCount: 1 });
    if (name !== null)
      return (
        `Hint: this loop assigns \`${name}\` at each round. V8 reaches a variable of the notebook some ten times more slowly ` +
        "than one of a function or a block: put the loop and the variable in a function, or in { }."
      );
  }
  return null;
}

interface LoopScope {
  readonly constants: ReadonlyMap<string, number>;
  readonly isSlow: (name: string) => boolean;
  /** How often the loops around are run through. */
  readonly roundsCount: number;
}

function slowVariable(node: ts.Node, scope: LoopScope): string | null {
  const ts = typescript();
  if (ts.isFunctionLike(node)) return null;
  const name = scope.roundsCount >= manyRounds ? assignedName(node) : null;
  if (name !== null && scope.isSlow(name)) return name;
  const roundsCount = scope.roundsCount * roundsOf(node, scope);
  return ts.forEachChild(node, (child) => slowVariable(child, { ...scope, roundsCount }) ?? undefined) ?? null;
}

function assignedName(node: ts.Node): string | null {
  const ts = typescript();
  if (ts.isBinaryExpression(node) && ts.isIdentifier(node.left))
    return isAssignment(node.operatorToken.kind) ? node.left.text : null;
  if (!ts.isPostfixUnaryExpression(node) && !ts.isPrefixUnaryExpression(node)) return null;
  const isStep = node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken;
  return isStep && ts.isIdentifier(node.operand) ? node.operand.text : null;
}

function isAssignment(operator: ts.SyntaxKind): boolean {
  const { SyntaxKind } = typescript();
  return operator >= SyntaxKind.FirstAssignment && operator <= SyntaxKind.LastAssignment;
}

/** The largest number that the condition of a loop speaks of; 1 when it speaks of none. */
function roundsOf(node: ts.Node, { constants }: LoopScope): number {
  const ts = typescript();
  const isWhile = ts.isWhileStatement(node) || ts.isDoStatement(node);
  const condition = isWhile ? node.expression : ts.isForStatement(node) ? node.condition : undefined;
  let largest = 1;
  const visit = (part: ts.Node): void => {
    if (ts.isNumericLiteral(part)) largest = Math.max(largest, Number(part.text));
    if (ts.isIdentifier(part)) largest = Math.max(largest, constants.get(part.text) ?? 1);
    ts.forEachChild(part, visit);
  };
  if (condition !== undefined) visit(condition);
  return largest;
}

/** The numbers that the cell gives names to. */
function constantsOf(file: ts.SourceFile): Map<string, number> {
  const ts = typescript();
  const declarations = file.statements
    .filter(ts.isVariableStatement)
    .flatMap((s) => [...s.declarationList.declarations]);
  return new Map(
    declarations.flatMap(({ name, initializer }) =>
      ts.isIdentifier(name) && initializer !== undefined && ts.isNumericLiteral(initializer)
        ? [[name.text, Number(initializer.text)] as const]
        : [],
    ),
  );
}

/** The names declared inside of statements, which hide those of the notebook there. */
function namesInBlocks(file: ts.SourceFile): Set<string> {
  const ts = typescript();
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node)) for (const name of boundNames(node.name)) names.add(name);
    ts.forEachChild(node, visit);
  };
  for (const statement of file.statements) if (!ts.isVariableStatement(statement)) visit(statement);
  return names;
}
