import type { StoredTensor } from "../../model/index.ts";
import { readNumbers, rowLayoutOf } from "./numbers.ts";

/** The sum of squares of each row, or of each column, of a tensor. */
export async function sumSquares(tensor: StoredTensor, along: "rows" | "columns"): Promise<Float64Array> {
  const { rowWeights, rowsCount } = rowLayoutOf(tensor);
  const sums = new Float64Array(along === "rows" ? rowsCount : rowWeights);
  let firstRow = 0;
  for await (const numbers of readNumbers(tensor)) {
    for (let at = 0; at < numbers.length; at++) {
      const place = along === "rows" ? firstRow + Math.floor(at / rowWeights) : at % rowWeights;
      const number = numbers[at] as number;
      sums[place] = (sums[place] as number) + number * number;
    }
    firstRow += numbers.length / rowWeights;
  }
  return sums;
}

/** The sums of so many neighbours each. */
export function grouped(scores: Float64Array, groupSize: number): Float64Array {
  const sums = new Float64Array(scores.length / groupSize);
  scores.forEach((score, at) => {
    const group = Math.floor(at / groupSize);
    sums[group] = (sums[group] as number) + score;
  });
  return sums;
}
