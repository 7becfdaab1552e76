import { standardLengths } from "../experiment/index.ts";
import { cutShortOf, type Run } from "../record/index.ts";

/** Which runs are not what a study asks for: decodes that their time limit ended, and lengths below the standard. */
export interface Completeness {
  readonly cutShortCount: number;
  /** With these thread counts, ascending. */
  readonly cutShortThreadCounts: readonly number[];
  /** So many of them have too few tokens for a speed. */
  readonly excludedCount: number;
  /** Lengths below the standard, ascending. */
  readonly shortPromptLengths: readonly number[];
  readonly shortDecodeLengths: readonly number[];
}

const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

const below = (standard: number, lengths: readonly (number | null)[]): number[] =>
  ascending(lengths.filter((length) => length !== null).filter((length) => length < standard));

/** How complete timed runs are. */
export function completenessOf(runs: readonly Run[]): Completeness {
  const cut = runs.filter((run) => cutShortOf(run) !== null);
  const { promptTokensCount, decodeTokensCount } = standardLengths;
  return {
    cutShortCount: cut.length,
    cutShortThreadCounts: ascending(cut.map(({ spec }) => spec.threadsCount)),
    excludedCount: cut.filter((run) => cutShortOf(run)?.isExcluded).length,
    shortPromptLengths: below(
      promptTokensCount,
      runs.map(({ spec }) => spec.promptTokensCount),
    ),
    shortDecodeLengths: below(
      decodeTokensCount,
      runs.map(({ spec }) => spec.generatedTokensCount),
    ),
  };
}
