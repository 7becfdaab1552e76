import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readTopology } from "../../sdk/topology/readTopology.ts";
import { openTree } from "../../sdk/topology/tree.ts";

/** How long a probe takes, and plainly reading the files that it reads. */
export interface Timing {
  readonly filesCount: number;
  readonly probeSeconds: number;
  readonly plainSeconds: number;
}

const warmupRoundsCount = 5;
const roundsCount = 41;

function readPathsOf(root: string): string[] {
  const tree = openTree(root);
  const paths = new Set<string>();
  readTopology({
    ...tree,
    read(path) {
      const text = tree.read(path);
      if (text !== null) paths.add(join(root, path));
      return text;
    },
  });
  return [...paths];
}

function secondsOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** The least disturbed of many rounds of one probe and one plain reading, in turn, so that both meet the same disturbances. */
export function timingOf(root: string): Timing {
  const paths = readPathsOf(root);
  const rounds = Array.from({ length: warmupRoundsCount + roundsCount }, () => ({
    probe: secondsOf(() => readTopology(openTree(root))),
    plain: secondsOf(() => {
      for (const path of paths) readFileSync(path, "utf8");
    }),
  })).slice(warmupRoundsCount);
  return {
    filesCount: paths.length,
    probeSeconds: Math.min(...rounds.map(({ probe }) => probe)),
    plainSeconds: Math.min(...rounds.map(({ plain }) => plain)),
  };
}
