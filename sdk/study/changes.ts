import { formatQuantity } from "../units/index.ts";
import { boundOf, cliffOf, frugalOf, isDisturbed, speedupOf } from "./bound.ts";
import type { Evidence, ModelEvidence } from "./evidence.ts";
import type { ModelRule, Rule, Sentence } from "./sentence.ts";
import { sentencesOf, sentencesOfModels } from "./sentence.ts";

/** A scaling below this share of perfect leaves cores idle in one instance. */
const poorScalingRatio = 0.75;
/** A chat reads well from about this rate on. */
const comfortableTokensPerSecond = 10;

const threads: ModelRule = (model, evidence) => {
  if (isDisturbed(evidence)) {
    return { rule: "threads", text: `${model.label}: no thread count is recommended from a loaded machine.` };
  }
  const frugal = frugalOf(model, evidence);
  const cliff = cliffOf(model);
  const beyond = cliff === null ? "" : ` and never ${cliff.threadsCount} or more`;
  const equal =
    frugal.threadsCount < model.best.threadsCount
      ? ` (${model.best.threadsCount} threads are no faster than the noise floor can tell)`
      : "";
  return {
    rule: "threads",
    text: `${model.label}: use ${frugal.threadsCount} thread${frugal.threadsCount === 1 ? "" : "s"}${beyond}${equal}.`,
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
  const isPoor =
    speedup !== null && model.best.threadsCount > 1 && speedup / model.best.threadsCount < poorScalingRatio;
  if (!isPoor || isDisturbed(evidence) || boundOf(model, evidence) === "memory") return null;
  if (evidence.machine.numaNodesCount > 1) return null;
  return {
    rule: "instances-for-scaling",
    text: `${model.best.threadsCount} threads of ${model.label} give only ${speedup.toFixed(2)} times one: for several users at once, several instances of fewer threads may give more in total. Not measured here.`,
  };
};

function bytesForRate(model: ModelEvidence): number | null {
  const { decodeBytesPerSecond } = model.best;
  return decodeBytesPerSecond === null ? null : decodeBytesPerSecond / comfortableTokensPerSecond;
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
  const [low, high] = [fast.best.decodeLowTokensPerSecond, slow.best.decodeHighTokensPerSecond];
  if (low === null || high === null || low <= high) {
    return {
      rule: "quantization",
      text: `${fast.label} and ${slow.label} cannot be told apart in speed on this machine: take the one with the better quality.`,
    };
  }
  const ratio = fast.best.decodeTokensPerSecond / slow.best.decodeTokensPerSecond;
  const bytes = slow.model.bytesPerToken / fast.model.bytesPerToken;
  return {
    rule: "quantization",
    text: `${fast.label} generates ${ratio.toFixed(2)} times as fast as ${slow.label}, whose tokens read ${bytes.toFixed(2)} times as many bytes.`,
  };
};

const promptOrGeneration: ModelRule = ({ label, best, prefill }) => {
  if (prefill === null) return null;
  const ratio = prefill.tokensPerSecond / best.decodeTokensPerSecond;
  const waitSeconds = 1000 / prefill.tokensPerSecond;
  return {
    rule: "prompt-or-generation",
    text: `With ${label} a prompt of 1,000 tokens costs about ${formatQuantity(waitSeconds, "waitSeconds")} before the first token, as long as generating ${formatQuantity(1000 / ratio, "tokensCount")} tokens: keep prompts short and reuse their cache.`,
  };
};

/** *What to change*: threads, instances, size, prompt or generation. */
export function changesOf(evidence: Evidence): Sentence[] {
  return [
    ...sentencesOfModels(threads, evidence),
    ...sentencesOf([quantization, instancesPerNode], evidence),
    ...sentencesOfModels(instancesForScaling, evidence),
    ...sentencesOfModels(size, evidence),
    ...sentencesOfModels(promptOrGeneration, evidence),
  ];
}

/** Settings to paste, for the programs that most people run. */
export interface Settings {
  readonly llamaCpp: string;
  readonly nodeLlamaCpp: string;
  readonly ollama: string;
}

/** The settings for the first model's best placement. `prefix` binds it, such as `numactl --all -C 0-7 -m 0`. */
export function settingsOf(evidence: Evidence, prefix: readonly string[]): Settings | null {
  const [model] = evidence.models;
  if (model === undefined || isDisturbed(evidence)) return null;
  const { threadsCount } = frugalOf(model, evidence);
  const bound = prefix.length === 0 ? "" : `${prefix.join(" ")} `;
  return {
    llamaCpp: `${bound}llama-server -m MODEL.gguf --threads ${threadsCount} --threads-batch ${model.prefill?.threadsCount ?? threadsCount}`,
    nodeLlamaCpp: `const llama = await getLlama({ gpu: false, maxThreads: ${threadsCount} }); // start node with UV_THREADPOOL_SIZE=1`,
    ollama: `PARAMETER num_thread ${threadsCount}   # in the Modelfile, or "options": {"num_thread": ${threadsCount}}`,
  };
}
