// The rounds: in each, all groups in random order, and the sides of each group one right after another in random order.
import { seededRandom, shuffle } from "numalab/stats";

/** What one side of a group gives, or why it gave nothing. */
async function runSide(run) {
  const startedAt = performance.now();
  try {
    return { figures: await run(), seconds: (performance.now() - startedAt) / 1000 };
  } catch (error) {
    return { error: error.message };
  }
}

/** Runs all rounds, keeping each group's as it ends. */
export async function runRounds(groups, { roundsCount, record }) {
  const random = seededRandom(1);
  for (let round = 1; round <= roundsCount; round++) {
    for (const { title, sides } of shuffle(groups, random)) {
      const given = {};
      for (const name of shuffle(Object.keys(sides), random)) {
        given[name] = await runSide(sides[name]);
        if (given[name].error !== undefined) console.error(`${title}, ${name}: ${given[name].error}`);
      }
      record.keep({ round, title, sides: given });
    }
    console.error(`round ${round} of ${roundsCount}`);
  }
}
