import { formatQuantity } from "../units/index.ts";
import { boundOf } from "./bound.ts";
import type { Evidence } from "./evidence.ts";
import { type Rule, type Sentence, sentencesOf } from "./sentence.ts";

const synthetic: Rule = ({ models }) => {
  const made = models.filter(({ model }) => model.synthetic).map(({ label }) => label);
  return made.length === 0
    ? null
    : {
        rule: "synthetic-weights",
        text: `${made.join(" and ")}: the architecture is the true one and the weights are random numbers. Speed and memory are real; the text would be noise.`,
      };
};

const scripted: Rule = ({ origins }) =>
  origins.every((origin) => origin === "measured")
    ? null
    : {
        rule: "not-measured",
        text: `Some of these runs were not measured here (${origins.filter((origin) => origin !== "measured").join(", ")}).`,
      };

const sharedMachine: Rule = ({ machine, stealRatio, foreignCpuRatio }) => {
  const steal = stealRatio === null ? "an unknown share" : formatQuantity(stealRatio, "stealRatio");
  const foreign = foreignCpuRatio === null ? "an unknown share" : formatQuantity(foreignCpuRatio, "foreignCpuRatio");
  const kind = machine.isVirtualMachine
    ? "This is a virtual machine: its neighbours, its real caches and its real NUMA layout are hidden. "
    : "";
  return {
    rule: "shared-machine",
    text: `${kind}During the runs other programs took ${foreign} of the CPUs and the hypervisor ${steal}.`,
  };
};

const noiseFloor: Rule = ({ noiseFloorRatio, runsCount }) => {
  const floor =
    noiseFloorRatio === null
      ? "is unknown: no cell ran twice"
      : `is ${formatQuantity(noiseFloorRatio, "noiseFloorRatio")}: so much do two successive runs of the same thing differ here`;
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
  const { bandwidthBytesPerSecond, models } = evidence;
  if (bandwidthBytesPerSecond === null)
    return { rule: "no-ceiling", text: "No bandwidth was measured, so no share of the physical limit is stated." };
  const impossible = models.filter((model) => boundOf(model, evidence) === "above-ceiling").map(({ label }) => label);
  const fault =
    impossible.length === 0 ? "" : ` Above it: ${impossible.join(", ")}; that is a fault of the measurement.`;
  return {
    rule: "ceiling",
    text: `The ceiling is the best read bandwidth seen on this machine (a WASM SIMD loop over buffers larger than the caches), not the data sheet's.${fault}`,
  };
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
  return sentencesOf([synthetic, scripted, sharedMachine, noiseFloor, bindingState, ceiling, driver, scope], evidence);
}
