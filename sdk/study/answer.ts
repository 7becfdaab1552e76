import { formatInterval, formatQuantity } from "../units/index.ts";
import { boundOf, cliffOf, disturbedRatio, noisyRatio, speedupOf, throttledRatio } from "./bound.ts";
import type { DecodeRow, Evidence, ModelEvidence } from "./evidence.ts";
import type { ModelRule, Rule, Sentence } from "./sentence.ts";
import { sentencesOf } from "./sentence.ts";

const count = (threads: number): string => (threads === 1 ? "1 thread" : `${threads} threads`);

function decodeText(row: DecodeRow): string {
  const interval = { low: row.decodeLowTokensPerSecond, high: row.decodeHighTokensPerSecond };
  const shown =
    interval.low === null
      ? "no interval: too few runs"
      : `95 % interval ${formatInterval(interval, "decodeTokensPerSecond")}`;
  return `${formatQuantity(row.decodeTokensPerSecond, "decodeTokensPerSecond")} (${shown}, n = ${row.repetitionsCount})`;
}

/** The share of the ceiling with its own interval, which is that of the speed. */
function shareText({
  decodeRooflineRatio,
  ceilingTokensPerSecond,
  decodeLowTokensPerSecond,
  decodeHighTokensPerSecond,
}: DecodeRow): string {
  const share = formatQuantity(decodeRooflineRatio, "decodeRooflineRatio");
  if (ceilingTokensPerSecond === null || decodeLowTokensPerSecond === null || decodeHighTokensPerSecond === null)
    return share;
  const ends = {
    low: decodeLowTokensPerSecond / ceilingTokensPerSecond,
    high: decodeHighTokensPerSecond / ceilingTokensPerSecond,
  };
  return `${share} [${formatInterval(ends, "decodeRooflineRatio")}]`;
}

const speed: ModelRule = ({ label, best, prefill, model }) => {
  const synthetic = model.synthetic ? ", with random weights of the true shape," : "";
  const reading =
    prefill === null
      ? ""
      : `, and reads a ${prefill.promptTokensCount}-token prompt at ${formatQuantity(prefill.tokensPerSecond, "prefillTokensPerSecond")}`;
  return {
    rule: "speed",
    text: `${label}${synthetic} generates ${decodeText(best)} with ${count(best.threadsCount)}${reading}.`,
  };
};

function streamText({ best }: ModelEvidence, { bandwidthBytesPerSecond }: Evidence): string {
  const streamed = formatQuantity(best.decodeBytesPerSecond, "decodeBytesPerSecond");
  return `${streamed} of the ${formatQuantity(bandwidthBytesPerSecond, "bandwidthBytesPerSecond")} that this memory was seen to give, ${shareText(best)}`;
}

const boundTexts: Record<ReturnType<typeof boundOf>, (model: ModelEvidence, evidence: Evidence) => string> = {
  memory: (model, evidence) =>
    `Generating with ${model.label} is bound by memory bandwidth: every token streams the weights once, ${streamText(model, evidence)}. Only fewer bytes a token or faster memory make it faster.`,
  computation: (model, evidence) => {
    const speedup = speedupOf(model);
    const scaling =
      speedup === null || model.best.threadsCount === 1
        ? ""
        : ` ${count(model.best.threadsCount)} give ${speedup.toFixed(2)} times one.`;
    return `Generating with ${model.label} is bound by the cores, not by memory: it streams ${streamText(model, evidence)}.${scaling} The cores spend the time unpacking weights and in arithmetic.`;
  },
  mixed: (model, evidence) =>
    `Generating with ${model.label} is held back by memory and cores alike: it streams ${streamText(model, evidence)}.`,
  "above-ceiling": (model, evidence) =>
    `The figure for ${model.label} cannot be right as it stands: it would stream ${streamText(model, evidence)}. Part of the weights stayed in a cache, or the bandwidth measurement was disturbed. Do not quote it.`,
  disturbed: (model, evidence) =>
    `What bounds ${model.label} on this machine cannot be said from these runs: too much of the CPUs was taken away. It streamed ${streamText(model, evidence)}.`,
  unknown: (model) => `What bounds ${model.label} cannot be said: this machine's memory bandwidth was not measured.`,
};

const bound: ModelRule = (model, evidence) => {
  const kind = boundOf(model, evidence);
  return { rule: `bound-${kind}`, text: boundTexts[kind](model, evidence) };
};

const cliff: ModelRule = (model) => {
  const row = cliffOf(model);
  if (row === null) return null;
  const share = formatQuantity(row.decodeTokensPerSecond / model.best.decodeTokensPerSecond, "speedRatio");
  return {
    rule: "thread-cliff",
    text: `More threads make it slower: ${model.label} gives with ${count(row.threadsCount)} only ${share} of the speed with ${count(model.best.threadsCount)}.`,
  };
};

const throttled: Rule = ({ throttledRatio: ratio }) =>
  ratio === null || ratio <= throttledRatio
    ? null
    : {
        rule: "throttled-by-quota",
        text: `A CPU quota limits this container: it was stopped for ${formatQuantity(ratio, "throttledRatio")} of the measured time. These figures are the quota's, not the machine's.`,
      };

const oneCore: Rule = ({ models }) =>
  models.every(({ rows }) => rows.every((row) => row.threadsCount === 1))
    ? { rule: "one-core-only", text: "Only one CPU was available, so nothing can be said about more threads." }
    : null;

const otherLoad: Rule = ({ foreignCpuRatio }) =>
  foreignCpuRatio === null || foreignCpuRatio < disturbedRatio
    ? null
    : {
        rule: "other-load",
        text: `Other programs took ${formatQuantity(foreignCpuRatio, "foreignCpuRatio")} of the CPUs while this was measured: the figures below are of a loaded machine. Stop them and run it again.`,
      };

const noisy: Rule = ({ noiseFloorRatio }) => {
  const isNoisy = noiseFloorRatio !== null && noiseFloorRatio > noisyRatio;
  if (!isNoisy) return null;
  return {
    rule: "noisy",
    text: `The machine is noisy: two runs of the same thing differ by ${formatQuantity(noiseFloorRatio, "noiseFloorRatio")}. Effects smaller than that are no effects here.`,
  };
};

/** *The answer*: what this machine gives, and what it is bound by. */
export function answerOf(evidence: Evidence): Sentence[] {
  const perModel = evidence.models.flatMap((model) =>
    [speed, bound, cliff].flatMap((rule) => rule(model, evidence) ?? []),
  );
  return [...sentencesOf([otherLoad, throttled], evidence), ...perModel, ...sentencesOf([oneCore, noisy], evidence)];
}
