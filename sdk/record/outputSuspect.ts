import type { Run } from "./run.ts";

/**
 * Whether a run timed a computation whose output could not be text. Such a run stays on record and gives no speed, because
 * a broken computation can be a fast one.
 */
export function isOutputSuspect({ warnings }: Pick<Run, "warnings">): boolean {
  return warnings.some(({ code }) => code === "output-suspect");
}
