// Runs the test tiers named on the command line, in order; all of them when none is named.
// With --all, or where CI=true, nothing may be skipped: what this machine cannot run counts as failed.
// The last line is `N passed, N failed`, then `, N skipped` where something was.
import { runStep } from "./step.mjs";
import { tiers } from "./tiers.mjs";

const none = { passed: 0, failed: 0, skipped: [], notes: [] };
const prepared = new Map();

function sum(a, b) {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: [...a.skipped, ...b.skipped],
    notes: [...a.notes, ...b.notes],
  };
}

/** Runs the steps, so many at once; the sum of their counts. */
async function runSteps(steps, atOnceCount) {
  const waiting = [...steps];
  let counts = none;
  async function work() {
    for (let step = waiting.shift(); step; step = waiting.shift()) {
      const result = await runStep(step);
      counts = sum(counts, result);
    }
  }
  await Promise.all(Array.from({ length: atOnceCount }, work));
  return counts;
}

/** Runs what the tier needs made first, unless an earlier tier had it made. */
async function prepare(step) {
  const counts = prepared.has(step) ? { ...none, failed: prepared.get(step) } : await runStep(step);
  prepared.set(step, counts.failed);
  return counts;
}

async function runTier(tier) {
  console.log(`\n${tier.name}: ${tier.about}`);
  const missing = tier.missing();
  if (missing) {
    console.log(`  skipped: ${missing}`);
    return { ...none, skipped: [{ title: `tier ${tier.name}`, why: missing }] };
  }
  const first = tier.first ? await prepare(tier.first) : none;
  return first.failed > 0 ? first : sum(first, await runSteps(tier.steps, tier.atOnceCount));
}

function summarize({ passed, failed, skipped, notes }, mayBeSkipped) {
  console.log();
  for (const note of notes) console.log(`note: ${note}`);
  for (const { title, why } of skipped) console.log(`${mayBeSkipped ? "skipped" : "not run"}: ${title}: ${why}`);
  const failedInAll = mayBeSkipped ? failed : failed + skipped.length;
  const rest = mayBeSkipped && skipped.length > 0 ? `, ${skipped.length} skipped` : "";
  console.log(`${passed} passed, ${failedInAll} failed${rest}`);
  process.exitCode = failedInAll > 0 ? 1 : 0;
}

async function main(words) {
  const names = words.filter((word) => word !== "--all");
  const unknown = names.filter((name) => !tiers.some((tier) => tier.name === name));
  if (unknown.length > 0) {
    console.error(`There is no tier ${unknown.join(", ")}; there are ${tiers.map((tier) => tier.name).join(", ")}.`);
    process.exitCode = 2;
    return;
  }
  let counts = none;
  for (const tier of tiers.filter(({ name }) => names.length === 0 || names.includes(name))) {
    counts = sum(counts, await runTier(tier));
  }
  summarize(counts, process.env.CI !== "true" && !words.includes("--all"));
}

void main(process.argv.slice(2));
