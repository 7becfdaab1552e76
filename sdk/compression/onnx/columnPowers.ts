import type { OnnxGraph } from "../../onnx/index.ts";
import { findHeads } from "./heads.ts";
import { findNeurons } from "./neurons.ts";
import { observeValues, type SampleRun, startObserver } from "./observation.ts";
import type { ColumnPowers } from "./unitScores.ts";

/** Adds the squares of rows to sums, a column each. */
function addSquares(sums: Float64Array, rows: Float32Array): void {
  for (let index = 0; index < rows.length; index++) {
    const column = index % sums.length;
    sums[column] = (sums[column] as number) + (rows[index] as number) ** 2;
  }
}

/**
 * What heads and neurons were worth on samples, for `pruneGraph`: the mean square of what each column passes on.
 * @throws {CompressionError} `bad-samples`
 * @throws {EngineError} as `calibrate`
 */
export async function columnPowers(graph: OnnxGraph, run: SampleRun): Promise<ColumnPowers> {
  const prunables = [...findHeads(graph), ...findNeurons(graph)];
  const values = prunables.map(({ sinks }) => sinks[0]?.input ?? "");
  const sums = prunables.map(({ unitsCount, unitWidth }) => new Float64Array(unitsCount * unitWidth));
  const rowsCounts = new Float64Array(prunables.length);
  await using observer = await startObserver(graph, values, run);
  await observeValues([observer], run, (seen = []) => {
    for (const [at, sum] of sums.entries()) {
      addSquares(sum, seen[at] as Float32Array);
      rowsCounts[at] = (rowsCounts[at] as number) + (seen[at] as Float32Array).length / sum.length;
    }
  });
  return new Map(
    values.map((value, at) => [value, (sums[at] as Float64Array).map((sum) => sum / (rowsCounts[at] as number))]),
  );
}
