import { standardLengths } from "../experiment/index.ts";
import { formatQuantity } from "../units/index.ts";
import { boundOf } from "./bound.ts";
import { ceilingsText } from "./ceiling.ts";
import type { Evidence } from "./evidence.ts";
import { cutOf } from "./label.ts";
import type { Spread } from "./load.ts";
import { type Rule, type Sentence, sentencesOf } from "./sentence.ts";

const synthetic: Rule = ({ models }) => {
  const made = models.filter(({ model }) => model.synthetic).map(({ label }) => label);
  return made.length === 0
    ? null
    : {
        rule: "synthetic-weights",
        text: `${made.join(" and ")}: the weights are random numbers. Memory and the work of each layer are real; the text would be noise.`,
      };
};

const scripted: Rule = ({ origins }) =>
  origins.every((origin) => origin === "measured")
    ? null
    : {
        rule: "not-measured",
        text: `Some of these runs were not measured here (${origins.filter((origin) => origin !== "measured").join(", ")}).`,
      };

const cut: Rule = ({ models }) => {
  const made = models.filter(({ model }) => cutOf(model) !== null).map(({ label }) => label);
  return made.length === 0
    ? null
    : {
        rule: "cut-model",
        text: `${made.join(" and ")}: most layers are missing and the last one weighs more than it should. The speed is no model's; do not quote it, and compare it only with the same cut.`,
      };
};

function spreadText(spread: Spread | null): string {
  if (spread === null) return "an unknown share";
  return `${formatQuantity(spread.mean, "meanRatio")} on average and ${formatQuantity(spread.highest, "highestRatio")} at most`;
}

const sharedMachine: Rule = ({ machine, load, warnedRunsCount, runsCount }) => {
  const kind = machine.isVirtualMachine
    ? "This is a virtual machine: its neighbours, its real caches and its real NUMA layout are hidden. "
    : "";
  return {
    rule: "shared-machine",
    text: `${kind}During the runs other programs alone took ${spreadText(load.foreignCpuRatio)} of the CPUs, the hypervisor alone ${spreadText(load.stealRatio)}. ${warnedRunsCount} of ${runsCount} runs carry warnings.`,
  };
};

const cutShort: Rule = ({ completeness, runsCount }) => {
  const { cutShortCount, cutShortThreadCounts, excludedCount } = completeness;
  if (cutShortCount === 0) return null;
  const threads = `${cutShortThreadCounts.join(", ")} ${cutShortThreadCounts.join() === "1" ? "thread" : "threads"}`;
  const excluded =
    excludedCount === 0
      ? "None is excluded: all have at least half of their tokens"
      : `${excludedCount} of them ${excludedCount === 1 ? "is" : "are"} excluded: fewer than half of their tokens, or fewer than 8, give no speed`;
  return {
    rule: "cut-short",
    text: `${cutShortCount} of ${runsCount} runs (decoding with ${threads}) had to be cut short at the time limit. ${excluded}.`,
  };
};

const shortRuns: Rule = ({ completeness: { shortPromptLengths, shortDecodeLengths } }) => {
  const { promptTokensCount, decodeTokensCount } = standardLengths;
  const prompts = `prompts of ${shortPromptLengths.join(" and ")} tokens instead of ${promptTokensCount}`;
  const decodes = `decodes of ${shortDecodeLengths.join(" and ")} tokens instead of ${decodeTokensCount}`;
  const words = [
    ...(shortPromptLengths.length > 0 ? [prompts] : []),
    ...(shortDecodeLengths.length > 0 ? [decodes] : []),
  ];
  return words.length === 0
    ? null
    : {
        rule: "short-runs",
        text: `Runs are shorter than standard, as a diagnosis makes them only where the machine is far too slow: ${words.join(", ")}. Speed depends on length: do not compare these figures with those of the standard length.`,
      };
};

const noiseFloor: Rule = ({ noiseFloorRatio, runsCount }) => {
  const floor =
    noiseFloorRatio === null
      ? "is unknown: no cell ran twice"
      : `is ${formatQuantity(noiseFloorRatio, "noiseFloorRatio")}: so much do two successive single runs of the same thing differ (median). Estimates rest on all runs and are narrower: see their intervals`;
  return {
    rule: "noise-floor",
    text: `The noise floor ${floor}. ${runsCount} runs were timed, interleaved in random order.`,
  };
};

const bindingState: Rule = ({ bindingStates, bindingWays }) => {
  const proof =
    bindingStates.length === 1 && bindingStates[0] === "bound"
      ? "every thread was read back inside its planned CPUs"
      : `the binding was read back as ${bindingStates.join(", ") || "unknown"}`;
  const way = bindingWays.includes("none") ? "Nothing could bind the process" : `Bound by ${bindingWays.join(", ")}`;
  return { rule: "binding", text: `${way}; ${proof}.` };
};

const ceiling: Rule = (evidence) => {
  const { models, ceilings } = evidence;
  if (ceilings.length === 0)
    return { rule: "no-ceiling", text: "No bandwidth was measured, so no share of the physical limit is stated." };
  const impossible = models.filter((model) => boundOf(model, evidence) === "above-ceiling").map(({ label }) => label);
  const fault =
    impossible.length === 0 ? "" : ` Above it: ${impossible.join(", ")}; that is a fault of the measurement.`;
  return {
    rule: "ceiling",
    text: `${ceilingsText(ceilings)} The shares' intervals hold it.${fault}`,
  };
};

const unsteady: Rule = ({ ceilings }) => {
  const [warning] = ceilings.flatMap(({ warnings }) => warnings);
  return warning === undefined ? null : { rule: warning.code, text: `${warning.message} ${warning.advice}` };
};

const outputSuspect: Rule = ({ suspects }) =>
  suspects.length === 0
    ? null
    : {
        rule: "output-suspect",
        text: `${suspects.join(" and ")}: some runs computed what could not be text. They are on record, and no figure here rests on them: a broken computation can be a fast one.`,
      };

const driver: Rule = ({ drivers }) =>
  drivers.includes("llama-api")
    ? {
        rule: "public-calls",
        text: "Some runs used node-llama-cpp's public calls, which lose up to half the speed with several threads.",
      }
    : null;

const scope: Rule = () => ({
  rule: "scope",
  text: "One request at a time, from an empty cache, tokens chosen at random without sampling. Long contexts, many users and other programs give other figures.",
});

/** *Caveats*: never empty, never left out. */
export function caveatsOf(evidence: Evidence): Sentence[] {
  return sentencesOf(
    [
      outputSuspect,
      synthetic,
      cut,
      scripted,
      sharedMachine,
      cutShort,
      shortRuns,
      noiseFloor,
      bindingState,
      ceiling,
      unsteady,
      driver,
      scope,
    ],
    evidence,
  );
}
