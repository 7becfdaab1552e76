import { tokensPerSecondOf } from "../inference/index.ts";
import type { Run } from "./run.ts";

/** Tokens a second of one run: decoded ones, or those of the prompt; null for a run that timed no tokens. */
export function throughputOf({ kind, samples, spec }: Pick<Run, "kind" | "samples" | "spec">): number | null {
  const { tokenSeconds } = samples;
  const tokensCount = kind === "decode" ? tokenSeconds?.length : spec.promptTokensCount;
  if (kind === "bandwidth" || tokenSeconds === null || tokensCount == null) return null;
  return tokensPerSecondOf({ tokensCount, tokenSeconds });
}
