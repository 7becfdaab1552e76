import type { Run } from "./run.ts";

/** The bytes that a decoded token reads on average over the run: the weights once, and the cache of the tokens before it. */
export function readBytesPerTokenOf(
  { bytesPerToken, kvBytesPerToken }: Pick<NonNullable<Run["model"]>, "bytesPerToken" | "kvBytesPerToken">,
  { depthTokensCount, generatedTokensCount }: Pick<Run["spec"], "depthTokensCount" | "generatedTokensCount">,
): number {
  const meanContext = (depthTokensCount ?? 0) + ((generatedTokensCount ?? 0) + 1) / 2;
  return bytesPerToken + kvBytesPerToken * meanContext;
}
