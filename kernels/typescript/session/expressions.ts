import type { CellOutcome, ExpressionOutcome } from "./cell.ts";
import type { Program } from "./executor.ts";
import { CellSyntaxError, type Rewriter } from "./rewrite.ts";

/** The expressions asked for with a cell: those that can be evaluated, and what is already known of the others. */
export interface RewrittenExpressions {
  readonly programs: Readonly<Record<string, Program>>;
  readonly faults: Readonly<Record<string, ExpressionOutcome>>;
}

/** Each expression as JavaScript, or its syntax error. */
export function rewriteExpressions(
  { cellId, executionCount, expressions }: RewritableExpressions,
  rewriter: Rewriter,
): RewrittenExpressions {
  const programs: Record<string, Program> = {};
  const faults: Record<string, ExpressionOutcome> = {};
  for (const [name, code] of Object.entries(expressions)) {
    try {
      const { javascript } = rewriter.rewrite({ cellId, executionCount, code, kind: "Expression" });
      programs[name] = { javascript, code };
    } catch (thrown) {
      if (!(thrown instanceof CellSyntaxError)) throw thrown;
      faults[name] = { error: thrown.error };
    }
  }
  return { programs, faults };
}

interface RewritableExpressions {
  readonly cellId: number;
  readonly executionCount: number;
  readonly expressions: Readonly<Record<string, string>>;
}

/** The outcome of a cell with the outcomes that were known before it ran. */
export function withFaults(outcome: CellOutcome, { faults }: RewrittenExpressions): CellOutcome {
  return outcome.status === "ok" ? { ...outcome, expressions: { ...outcome.expressions, ...faults } } : outcome;
}
