// Every side of every round, in a JSON file that is whole after each.
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** The rounds so far, and how one more is kept. */
export function openRecord(path, facts) {
  mkdirSync(dirname(path), { recursive: true });
  const rounds = [];
  const startedAt = new Date().toISOString();
  return {
    rounds,
    keep(round) {
      rounds.push(round);
      writeFileSync(`${path}.partial`, `${JSON.stringify({ startedAt, ...facts, rounds }, null, 1)}\n`);
      renameSync(`${path}.partial`, path);
    },
  };
}
