import type { Evidence, ModelEvidence } from "./evidence.ts";

/** One sentence of a diagnosis, with the rule that chose it. */
export interface Sentence {
  readonly rule: string;
  readonly text: string;
}

/** A rule over the numbers: its sentence where it applies, else null. */
export type Rule = (evidence: Evidence) => Sentence | null;

/** A rule that speaks of one model at a time. */
export type ModelRule = (model: ModelEvidence, evidence: Evidence) => Sentence | null;

/** The sentences of all rules that apply, in the order of the rules. */
export function sentencesOf(rules: readonly Rule[], evidence: Evidence): Sentence[] {
  return rules.flatMap((rule) => rule(evidence) ?? []);
}

/** A rule applied to each model in turn. */
export function sentencesOfModels(rule: ModelRule, evidence: Evidence): Sentence[] {
  return evidence.models.flatMap((model) => rule(model, evidence) ?? []);
}
