import { CompressionError } from "./errors.ts";

/** What is kept: a share of the parts of each layer, or how many in each. */
export type Kept = number | readonly number[];

function badSetting(message: string, facts: Readonly<Record<string, unknown>>): CompressionError {
  return new CompressionError("bad-setting", message, { facts });
}

/**
 * How many of each layer's parts are kept: a share of them in whole steps, or as many as are asked for.
 * @throws {CompressionError} `bad-setting`
 */
export function keptCounts(asked: Kept | undefined, counts: readonly number[], step: number): readonly number[] {
  if (asked === undefined) return counts;
  if (typeof asked !== "number") {
    const isSound = asked.length === counts.length && asked.every((one, at) => one >= 1 && one <= (counts[at] ?? 0));
    if (isSound && asked.every(Number.isInteger)) return asked;
    const message = `The ${asked.length} sizes asked for are ${asked.join(", ")}. Pass one for each of the ${counts.length} kept layers, of at most ${counts.join(", ")}.`;
    throw badSetting(message, { asked, counts });
  }
  if (asked > 0 && asked <= 1) return counts.map((count) => Math.max(1, Math.round((count * asked) / step)) * step);
  throw badSetting(`The share to keep is ${asked}. Pass one above 0, up to 1.`, { asked });
}

/** The places of the highest scores, in rising order; of equal ones the first. */
export function strongest(scores: Float64Array, keptCount: number): readonly number[] {
  const order = [...scores.keys()].sort((left, right) => (scores[right] as number) - (scores[left] as number));
  return order.slice(0, keptCount).sort((left, right) => left - right);
}
