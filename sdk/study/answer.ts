import { counted, formatInterval, formatQuantity } from "../units/index.ts";
import { type Bound, boundOf, cliffOf, noisyRatio, speedupOf } from "./bound.ts";
import type { DecodeRow, Evidence, ModelEvidence, PrefillRow } from "./evidence.ts";
import { cutOf } from "./label.ts";
import { disturbedRatio, isDisturbed, throttledRatio } from "./load.ts";
import { timesText } from "./pairs.ts";
import type { ModelRule, Rule, Sentence } from "./sentence.ts";
import { sentencesOf } from "./sentence.ts";

/** A speed with its interval, or why there is none. */
function rateText(rate: number, low: number | null, high: number | null): string {
  const shown =
    low === null || high === null
      ? "no interval: too few runs"
      : `95 % interval ${formatInterval({ low, high }, "tokensPerSecond")}`;
  return `${formatQuantity(rate, "tokensPerSecond")} (${shown})`;
}

function decodeText(row: DecodeRow): string {
  const { decodeTokensPerSecond, decodeLowTokensPerSecond, decodeHighTokensPerSecond } = row;
  const rate = rateText(decodeTokensPerSecond, decodeLowTokensPerSecond, decodeHighTokensPerSecond);
  return `${rate} with ${counted(row.threadsCount, "thread")} in ${row.runs.length} runs`;
}

function prefillText(row: PrefillRow): string {
  const { prefillTokensPerSecond, prefillLowTokensPerSecond, prefillHighTokensPerSecond } = row;
  const rate = rateText(prefillTokensPerSecond, prefillLowTokensPerSecond, prefillHighTokensPerSecond);
  return `reads a ${row.promptTokensCount}-token prompt at ${rate} with ${counted(row.threadsCount, "thread")}`;
}

const speed: ModelRule = ({ label, best, prefill, model }) => {
  const isCut = cutOf(model) !== null;
  const weights = model.synthetic ? `, with random weights${isCut ? "" : " of the true shape"},` : "";
  const reading = prefill === null ? "" : `, and ${prefillText(prefill)}`;
  const note = isCut ? " That is no model's speed: layers are missing." : "";
  return { rule: "speed", text: `${label}${weights} generates ${decodeText(best)}${reading}.${note}` };
};

/** What is read, what memory gave and the share: all three of one row. */
function streamText({ best }: ModelEvidence): string {
  const { bandwidthLowBytesPerSecond: low, bandwidthHighBytesPerSecond: high } = best;
  const streamed = formatQuantity(best.decodeBytesPerSecond, "bytesPerSecond");
  const bandwidth = formatQuantity(best.bandwidthBytesPerSecond, "bytesPerSecond");
  const share = formatQuantity(best.decodeRooflineRatio, "decodeRooflineRatio");
  const ends = { low: best.decodeRooflineLowRatio, high: best.decodeRooflineHighRatio };
  const interval = ends.low === null ? "no interval: too few runs" : formatInterval(ends, "decodeRooflineRatio");
  const range = low === high ? "" : ` [${formatInterval({ low, high }, "bytesPerSecond")}]`;
  return `${streamed}, ${share} [${interval}] of the most that any thread count read of this memory, ${bandwidth}${range}`;
}

function scalingText(model: ModelEvidence): string {
  const speedup = speedupOf(model);
  return speedup === null ? "" : ` ${counted(model.best.threadsCount, "thread")} give ${timesText(speedup)} one.`;
}

const boundTexts: Record<Bound, (model: ModelEvidence) => string> = {
  memory: (model) =>
    `Generating with ${model.label} is bound by memory bandwidth: every token streams the weights once, ${streamText(model)}. Only fewer bytes a token or faster memory make it faster.`,
  computation: (model) =>
    `Generating with ${model.label} is bound by the cores, not by memory: it streams ${streamText(model)}.${scalingText(model)} Probably unpacking weights and arithmetic take the time; that was not measured.`,
  mixed: (model) =>
    `Generating with ${model.label} is held back by memory and cores alike: it streams ${streamText(model)}.`,
  "above-ceiling": (model) =>
    `The figure for ${model.label} cannot be right as it stands: it would stream ${streamText(model)}. Part of the weights stayed in a cache, or the bandwidth measurement was disturbed. Do not quote it.`,
  disturbed: (model) =>
    `What bounds ${model.label} on this machine cannot be said from these runs: too much of the CPUs was taken away. It streamed ${streamText(model)}.`,
  uncertain: (model) =>
    `Whether memory or the cores bound ${model.label} cannot be told: it streams ${streamText(model)}, and the interval of that share leaves more than one answer open. More runs on a quieter machine narrow it.`,
  unknown: (model) => `What bounds ${model.label} cannot be said: this machine's memory bandwidth was not measured.`,
};

const bound: ModelRule = (model, evidence) => {
  const kind = boundOf(model, evidence);
  return { rule: `bound-${kind}`, text: boundTexts[kind](model) };
};

const cliff: ModelRule = (model, evidence) => {
  const row = isDisturbed(evidence) ? null : cliffOf(model);
  if (row === null) return null;
  const share = formatQuantity(row.decodeTokensPerSecond / model.best.decodeTokensPerSecond, "speedRatio");
  return {
    rule: "thread-cliff",
    text: `More threads make it slower: ${model.label} gives with ${counted(row.threadsCount, "thread")} only ${share} of the speed with ${counted(model.best.threadsCount, "thread")}.`,
  };
};

const throttled: Rule = ({ load: { throttledRatio: spread } }) =>
  spread === null || spread.mean <= throttledRatio
    ? null
    : {
        rule: "throttled-by-quota",
        text: `A CPU quota limits this container: it was stopped for ${formatQuantity(spread.mean, "throttledRatio")} of the measured time. These figures are the quota's, not the machine's.`,
      };

const oneCore: Rule = ({ machine, models }) => {
  if (machine.pusCount === 1)
    return { rule: "one-core-only", text: "This machine has one CPU, so nothing can be said about more threads." };
  return models.every(({ rows }) => rows.every((row) => row.threadsCount === 1))
    ? {
        rule: "one-thread-only",
        text: "Only one thread has a decode speed, so nothing can be said about more threads.",
      }
    : null;
};

const otherLoad: Rule = (evidence) => {
  const { takenRatio, disturbedRunsCount, runsCount } = evidence.load;
  if (!isDisturbed(evidence) || takenRatio === null || takenRatio.highest < disturbedRatio) return null;
  return {
    rule: "other-load",
    text: `Other programs and the hypervisor together took ${formatQuantity(takenRatio.mean, "meanRatio")} of the CPUs on average and ${formatQuantity(takenRatio.highest, "highestRatio")} at most, and disturbed ${disturbedRunsCount} of ${runsCount} runs: the figures below are of a loaded machine. Stop them and run it again.`,
  };
};

const noisy: Rule = ({ noiseFloorRatio }) =>
  noiseFloorRatio === null || noiseFloorRatio <= noisyRatio
    ? null
    : {
        rule: "noisy",
        text: `The machine is noisy: two single runs of the same thing differ by ${formatQuantity(noiseFloorRatio, "noiseFloorRatio")} (median). Quote no single run; the intervals say what all runs together can tell.`,
      };

/** *The answer*: what this machine gives, and what it is bound by. */
export function answerOf(evidence: Evidence): Sentence[] {
  const perModel = evidence.models.flatMap((model) =>
    [speed, bound, cliff].flatMap((rule) => rule(model, evidence) ?? []),
  );
  return [...sentencesOf([otherLoad, throttled], evidence), ...perModel, ...sentencesOf([oneCore, noisy], evidence)];
}
