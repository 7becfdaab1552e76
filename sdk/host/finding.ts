/** Something about a host that matters for inference. */
export interface Finding {
  /** A stable word for programs. */
  readonly code: string;
  /** `problem` costs much or endangers results; `advice` gains something; `note` is worth knowing. */
  readonly severity: "problem" | "advice" | "note";
  /** What was found, with its value. */
  readonly found: string;
  /** What that means for inference. */
  readonly meaning: string;
  /** What to do, exactly. */
  readonly remedy: string;
}

const rank = { problem: 0, advice: 1, note: 2 } as const;

/** The findings with the gravest first, otherwise in their order. */
export function rankedOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => rank[a.severity] - rank[b.severity]);
}
