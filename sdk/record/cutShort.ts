import type { Warning } from "../errors.ts";
import type { Run } from "./run.ts";

/** Fewer tokens than this of a run that was cut short give no speed. */
const fewestTokens = 8;

/** How far a decode came that its time limit ended. */
export interface CutShort {
  readonly wantedTokensCount: number;
  readonly gotTokensCount: number;
  /** Too few tokens for a speed: fewer than half of those wanted, or than 8. */
  readonly isExcluded: boolean;
}

/** How far a run came, or null when it has all the tokens that it was asked for. */
export function cutShortOf({ kind, samples, spec }: Pick<Run, "kind" | "samples" | "spec">): CutShort | null {
  const { generatedTokensCount: wantedTokensCount } = spec;
  if (kind !== "decode" || samples.tokenSeconds === null || wantedTokensCount === null) return null;
  const gotTokensCount = samples.tokenSeconds.length;
  if (gotTokensCount >= wantedTokensCount) return null;
  const isExcluded = gotTokensCount < fewestTokens || gotTokensCount < wantedTokensCount / 2;
  return { wantedTokensCount, gotTokensCount, isExcluded };
}

/** A warning on a run that was cut short: how many of its tokens it has, and whether it gives a speed. */
export function cutShortWarnings(run: Pick<Run, "kind" | "samples" | "spec">): Warning[] {
  const cut = cutShortOf(run);
  if (cut === null) return [];
  const { wantedTokensCount, gotTokensCount, isExcluded } = cut;
  const consequence = isExcluded ? "; too few for a speed, so it is excluded" : "";
  return [
    {
      code: "cut-short",
      message: `The run was cut short by its time limit with ${gotTokensCount} of ${wantedTokensCount} tokens${consequence}.`,
      advice: "Stop what else runs on this machine and measure again, or use fewer threads.",
    },
  ];
}
