import { counted, formatQuantity } from "../units/index.ts";
import { boundOf, cliffOf, frugalOf, speedupOf } from "./bound.ts";
import type { Evidence, ModelEvidence } from "./evidence.ts";
import { cutOf } from "./label.ts";
import { isDisturbed } from "./load.ts";
import { compareCells, timesText } from "./pairs.ts";
import type { ModelRule, Rule, Sentence } from "./sentence.ts";
import { sentencesOf, sentencesOfModels } from "./sentence.ts";

/** A scaling below this share of perfect leaves cores idle in one instance. */
const poorScalingRatio = 0.75;
/** A chat reads well from about this rate on. */
const comfortableTokensPerSecond = 10;
/** The prompt for which the wait is told. */
const promptTokensCount = 1000;

const threads: ModelRule = (model) => {
  const frugal = frugalOf(model);
  const cliff = cliffOf(model);
  const beyond = cliff === null ? "" : ` and never ${cliff.threadsCount} or more`;
  const gain = frugal === model.best ? null : compareCells(model.best, frugal);
  const equal =
    gain === null ? "" : ` (${model.best.threadsCount} give ${timesText(gain)} that speed: not worth more threads)`;
  return {
    rule: "threads",
    text: `${model.label}: use ${counted(frugal.threadsCount, "thread")}${beyond}${equal}.`,
  };
};

/** Several packages or nodes: one instance each is a plan, not a measurement, and says so. */
const instancesPerNode: Rule = ({ machine }) =>
  machine.numaNodesCount < 2
    ? null
    : {
        rule: "instances-per-node",
        text: `For several users at once, run one instance on each of the ${machine.numaNodesCount} NUMA nodes, bound to its CPUs and its memory; this study measured one instance.`,
      };

const instancesForScaling: ModelRule = (model, evidence) => {
  const speedup = speedupOf(model);
  if (speedup === null || boundOf(model, evidence) !== "computation" || evidence.machine.numaNodesCount > 1)
    return null;
  const isPoor = (speedup.high ?? speedup.ratio) / model.best.threadsCount < poorScalingRatio;
  if (!isPoor) return null;
  return {
    rule: "instances-for-scaling",
    text: `${model.best.threadsCount} threads of ${model.label} give only ${timesText(speedup)} one: for several users at once, several instances of fewer threads may give more in total. Not measured here.`,
  };
};

/** The bytes of weights that each token may read at a comfortable rate; null where the speed is no model's. */
function bytesForRate({ best, model }: ModelEvidence): number | null {
  const { decodeBytesPerSecond } = best;
  return decodeBytesPerSecond === null || cutOf(model) !== null
    ? null
    : decodeBytesPerSecond / comfortableTokensPerSecond;
}

const size: ModelRule = (model) => {
  const bytes = bytesForRate(model);
  if (bytes === null) return null;
  const rate = `${comfortableTokensPerSecond} tokens/s`;
  const fits = model.best.decodeTokensPerSecond >= comfortableTokensPerSecond;
  const verb = fits ? "leaves room for" : "needs a model of";
  return {
    rule: "size",
    text: `At the rate at which ${model.label} is streamed, ${rate} ${verb} ${formatQuantity(bytes, "weightsBytes")} of weights read a token (this one reads ${formatQuantity(model.model.bytesPerToken, "weightsBytes")}).`,
  };
};

const quantization: Rule = ({ models }) => {
  const [fast, slow] = [...models].sort((a, b) => b.best.decodeTokensPerSecond - a.best.decodeTokensPerSecond);
  if (fast === undefined || slow === undefined || fast.model.name.split(" ")[0] !== slow.model.name.split(" ")[0])
    return null;
  const gain = compareCells(fast.best, slow.best);
  if (gain?.low == null || gain.low <= 1) {
    return {
      rule: "quantization",
      text: `${fast.label} and ${slow.label} cannot be told apart in speed on this machine: take the one with the better quality.`,
    };
  }
  const bytes = slow.model.bytesPerToken / fast.model.bytesPerToken;
  return {
    rule: "quantization",
    text: `${fast.label} generates ${timesText(gain)} as fast as ${slow.label}, whose tokens read ${bytes.toFixed(2)} times as many bytes.`,
  };
};

const promptOrGeneration: ModelRule = ({ label, best, prefill, model }) => {
  if (prefill === null || cutOf(model) !== null) return null;
  const waitSeconds = promptTokensCount / prefill.prefillTokensPerSecond;
  const tokens = Math.round(waitSeconds * best.decodeTokensPerSecond);
  return {
    rule: "prompt-or-generation",
    text: `With ${label} a prompt of 1,000 tokens costs about ${formatQuantity(waitSeconds, "waitSeconds")} before the first token, as long as generating ${formatQuantity(tokens, "tokensCount")} tokens (extrapolated from a prompt of ${prefill.promptTokensCount} tokens; longer ones are read somewhat slower): keep prompts short and reuse their cache.`,
  };
};

const nothing: Sentence = {
  rule: "loaded-machine",
  text: "Nothing is recommended from a loaded machine: no thread count, no quantization, no size. Run it again when it is quiet.",
};

/** *What to change*: threads, instances, size, prompt or generation; nothing when the machine was loaded. */
export function changesOf(evidence: Evidence): Sentence[] {
  if (isDisturbed(evidence)) return [nothing];
  return [
    ...sentencesOfModels(threads, evidence),
    ...sentencesOf([quantization, instancesPerNode], evidence),
    ...sentencesOfModels(instancesForScaling, evidence),
    ...sentencesOfModels(size, evidence),
    ...sentencesOfModels(promptOrGeneration, evidence),
  ];
}
