import { counted } from "../units/index.ts";
import type { Warning } from "../errors.ts";
import type { Run } from "./run.ts";

/** One warning for each way in which these runs differ so that their figures should not stand in one comparison. */
export function comparabilityOf(runs: readonly Run[]): Warning[] {
  const studies = countsOf(runs.map((run) => run.study));
  const machines = countsOf(runs.map((run) => run.topologyDigest));
  const engines = countsOf(runs.map((run) => run.software.engineDigest));
  const lockfiles = countsOf(runs.map((run) => run.software.lockfileDigest));
  const origins = countsOf(runs.map((run) => (run.origin === "scripted" ? "scripted" : "measured")));
  return [
    ...warningFor(machines, {
      code: "different-machines",
      what: "machines",
      advice: "Compare them as machines; never pool their runs into one figure.",
    }),
    ...warningFor(studies, {
      code: "different-studies",
      what: "studies",
      advice:
        "Runs of one study are interleaved; between studies the machine may have changed. Compare them study by study.",
    }),
    ...warningFor(engines, {
      code: "different-engines",
      what: "builds of the engine",
      advice: "Compare runs of one engine digest, or measure all of them anew with one build.",
    }),
    ...warningFor(lockfiles, {
      code: "different-lockfiles",
      what: "sets of installed packages",
      advice: "Compare runs of one lockfile digest, or measure all of them anew after npm ci.",
    }),
    ...warningFor(origins, {
      code: "scripted-among-measured",
      what: "origins",
      advice: "Leave out the scripted runs: their times were written down, not measured.",
    }),
  ];
}

/** How many runs have each value; runs that do not know theirs are left out. */
function countsOf(values: readonly (string | null)[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function warningFor(
  counts: ReadonlyMap<string, number>,
  { code, what, advice }: { code: string; what: string; advice: string },
): Warning[] {
  if (counts.size < 2) return [];
  const shown = [...counts].map(([value, count]) => `${value} (${counted(count, "run")})`);
  return [{ code, message: `These runs come from ${counts.size} ${what}: ${shown.join(", ")}.`, advice }];
}
