import { StatsError } from "./errors.ts";

/** A source of numbers from 0 up to, not including, 1. */
export type Random = () => number;

/**
 * A source of numbers that is the same for the same seed on every machine (mulberry32), so a record can name its order.
 * @param seed a whole number from 0 to 2³² − 1
 * @throws {StatsError} `bad-seed`
 */
export function seededRandom(seed: number): Random {
  if (seed >>> 0 !== seed) {
    throw new StatsError("bad-seed", `the seed is ${seed}; needed a whole number from 0 to 4294967295.`, {
      facts: { seed },
    });
  }
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A copy in random order, every order equally likely (Fisher and Yates). */
export function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  const shuffled = [...items];
  for (let end = shuffled.length; end > 1; end--) {
    shuffled.push(...shuffled.splice(Math.floor(random() * end), 1));
  }
  return shuffled;
}
