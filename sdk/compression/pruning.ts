import type { OnnxGraph } from "../onnx/index.ts";
import { CompressionError } from "./errors.ts";
import { findHeads } from "./heads.ts";
import { findNeurons } from "./neurons.ts";
import { narrowGraph } from "./narrowing.ts";
import type { Prunable } from "./prunable.ts";
import { type ColumnPowers, scoreUnits } from "./unitScores.ts";

/** The share that is left out: one for all layers, or one for each in the order of the graph. */
export type PrunedRatio = number | readonly number[];

/** How much is left out. */
export interface PruningOptions {
  /** Default 0. */
  readonly headsRatio?: PrunedRatio;
  /** Default 0. */
  readonly neuronsRatio?: PrunedRatio;
  /** What the units were worth on samples, by `columnPowers`; without it the weights alone decide. */
  readonly powers?: ColumnPowers;
}

/** What was left out in one place. */
export interface PrunedUnits {
  readonly kind: Prunable["kind"];
  readonly name: string;
  readonly unitsCount: number;
  /** Those that stay, in their order. */
  readonly keptUnits: readonly number[];
}

/** A narrower graph. */
export interface PrunedGraph {
  readonly graph: OnnxGraph;
  readonly units: readonly PrunedUnits[];
}

function ratioAt(ratio: PrunedRatio, at: number, prunables: readonly Prunable[]): number {
  const found = typeof ratio === "number" ? ratio : ratio[at];
  if (typeof ratio !== "number" && ratio.length !== prunables.length) {
    const message = `There are ${ratio.length} ratios, and the graph has ${prunables.length} layers to prune. Pass one ratio, or one for each.`;
    throw new CompressionError("bad-spec", message, { facts: { ratios: ratio, layersCount: prunables.length } });
  }
  if (found !== undefined && found >= 0 && found < 1) return found;
  const message = `The ratio to leave out is ${found}; needed a number from 0 up to, not including, 1. Pass such a one.`;
  throw new CompressionError("bad-spec", message, { facts: { ratio: found } });
}

function keptUnits(prunable: Prunable, ratio: number, powers: ColumnPowers | null): readonly number[] {
  const { name, kind, unitsCount } = prunable;
  const keptCount = unitsCount - Math.round(unitsCount * ratio);
  if (keptCount === 0) {
    const message = `Without ${ratio} of its ${unitsCount} ${kind} nothing is left of ${name}. Leave out less.`;
    throw new CompressionError("nothing-left", message, { facts: { name, unitsCount, ratio } });
  }
  const scores = scoreUnits(prunable, powers);
  const best = scores.map((score, unit) => ({ score, unit })).sort((one, other) => other.score - one.score);
  return best
    .slice(0, keptCount)
    .map(({ unit }) => unit)
    .sort((one, other) => one - other);
}

function assertFound(found: readonly Prunable[], ratio: PrunedRatio, kind: Prunable["kind"]): void {
  if (found.length > 0 || ratio === 0) return;
  const needed =
    kind === "heads"
      ? "an attention whose query, key and value are matrices of their own, with a constant number of heads"
      : "two layers with only elementwise operators between them";
  throw new CompressionError("pattern-not-found", `The graph has no ${kind} to leave out; needed ${needed}.`);
}

/**
 * The graph with fewer heads and neurons: smaller matrices, to be written and run like any other.
 * @throws {CompressionError} `bad-spec`, `pattern-not-found`, `nothing-left`
 */
export function pruneGraph(graph: OnnxGraph, options: PruningOptions): PrunedGraph {
  const { headsRatio = 0, neuronsRatio = 0, powers = null } = options;
  const parts = [
    { found: findHeads(graph), ratio: headsRatio, kind: "heads" },
    { found: findNeurons(graph), ratio: neuronsRatio, kind: "neurons" },
  ] as const;
  let pruned = graph;
  const units: PrunedUnits[] = [];
  for (const { found, ratio, kind } of parts) {
    assertFound(found, ratio, kind);
    for (const [at, prunable] of found.entries()) {
      const kept = keptUnits(prunable, ratioAt(ratio, at, found), powers);
      units.push({ kind, name: prunable.name, unitsCount: prunable.unitsCount, keptUnits: kept });
      pruned = narrowGraph(pruned, prunable, kept);
    }
  }
  return { graph: pruned, units };
}
