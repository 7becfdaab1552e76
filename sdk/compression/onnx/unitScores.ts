import { type LinearLayer, matrixOf } from "./linearLayer.ts";
import type { Prunable } from "./prunable.ts";

/** The mean square of each column of a value, by the value's name. */
export type ColumnPowers = ReadonlyMap<string, Float64Array>;

function sumOfSquares(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}

/** For each input of a layer, the sum of the squares of its weights. */
function inputPowersOf(layer: LinearLayer): Float64Array {
  const { values, rowsCount, columnsCount } = matrixOf(layer);
  return Float64Array.from({ length: rowsCount }, (_, row) =>
    sumOfSquares(values.subarray(row * columnsCount, (row + 1) * columnsCount)),
  );
}

/** The same for each output. */
function outputPowersOf(layer: LinearLayer): Float64Array {
  const { values, columnsCount } = matrixOf(layer);
  const powers = new Float64Array(columnsCount);
  for (const [index, value] of values.entries()) {
    const column = index % columnsCount;
    powers[column] = (powers[column] as number) + value * value;
  }
  return powers;
}

function addUp(parts: readonly Float64Array[], width: number): Float64Array {
  return Float64Array.from({ length: width }, (_, at) => parts.reduce((sum, part) => sum + (part[at] ?? 0), 0));
}

/**
 * How much each unit contributes: the square root of what its columns have in power, times the squares of the weights that
 * read them. The power is what the columns had on samples, or else the squares of the weights that make them.
 * @see https://arxiv.org/abs/2306.11695 where single weights are scored so
 */
export function scoreUnits(prunable: Prunable, powers: ColumnPowers | null): Float64Array {
  const { unitsCount, unitWidth, sources, sinks } = prunable;
  const width = unitsCount * unitWidth;
  const given = powers?.get(sinks[0]?.input ?? "") ?? addUp(sources.map(outputPowersOf), width);
  const read = addUp(sinks.map(inputPowersOf), width);
  return Float64Array.from({ length: unitsCount }, (_, unit) => {
    let score = 0;
    for (let column = unit * unitWidth; column < (unit + 1) * unitWidth; column++) {
      score += (given[column] as number) * (read[column] as number);
    }
    return Math.sqrt(score);
  });
}
