import type { OnnxGraph } from "../../onnx/index.ts";
import { CompressionError } from "../errors.ts";
import { findHeads } from "./heads.ts";
import { type Kept, keptCounts, strongest } from "../kept.ts";
import { findNeurons } from "./neurons.ts";
import { narrowGraph } from "./narrowing.ts";
import type { Prunable } from "./prunable.ts";
import { type ColumnPowers, scoreUnits } from "./unitScores.ts";

/** What a pruned graph keeps. */
export interface GraphPruningOptions {
  /** The share of the heads of each attention, or how many of each. All when left out. */
  readonly heads?: Kept;
  /** The share of the neurons between layers, or how many of each. All when left out. */
  readonly neurons?: Kept;
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

function assertFound(found: readonly Prunable[], kept: Kept | undefined, kind: Prunable["kind"]): void {
  if (found.length > 0 || kept === undefined) return;
  const needed =
    kind === "heads"
      ? "an attention whose query, key and value are matrices of their own, with a constant number of heads"
      : "two layers with only elementwise operators between them";
  throw new CompressionError("not-prunable", `The graph has no ${kind} to leave out; needed ${needed}.`);
}

/**
 * The graph with fewer heads and neurons: smaller matrices, to be written and run like any other.
 * @throws {CompressionError} `bad-setting`, `not-prunable`
 */
export function pruneGraph(graph: OnnxGraph, options: GraphPruningOptions): PrunedGraph {
  const { heads, neurons, powers = null } = options;
  const parts = [
    { found: findHeads(graph), kept: heads, kind: "heads" },
    { found: findNeurons(graph), kept: neurons, kind: "neurons" },
  ] as const;
  let pruned = graph;
  const units: PrunedUnits[] = [];
  for (const { found, kept, kind } of parts) {
    assertFound(found, kept, kind);
    const unitsCounts = found.map(({ unitsCount }) => unitsCount);
    for (const [at, keptCount] of keptCounts(kept, unitsCounts, 1).entries()) {
      const prunable = found[at] as Prunable;
      const keptUnits = strongest(scoreUnits(prunable, powers), keptCount);
      units.push({ kind, name: prunable.name, unitsCount: prunable.unitsCount, keptUnits });
      pruned = narrowGraph(pruned, prunable, keptUnits);
    }
  }
  return { graph: pruned, units };
}
