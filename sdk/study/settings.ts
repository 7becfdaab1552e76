import type { Run } from "../record/index.ts";
import { frugalOf } from "./bound.ts";
import type { DecodeRow, Evidence, ModelEvidence } from "./evidence.ts";
import { cutOf } from "./label.ts";
import { isDisturbed } from "./load.ts";

/** Settings to paste, for the programs that most people run. */
export interface Settings {
  /** The model for which they were measured. */
  readonly model: string;
  readonly llamaCpp: string;
  readonly nodeLlamaCpp: string;
  readonly ollama: string;
}

/** What a row's runs were bound to: the words of the placement, narrowed to the CPUs of the threads. */
function prefixOf(run: Run): string[] {
  const at = run.plan.prefix.findIndex((word) => word === "-C" || word === "-c") + 1;
  return run.plan.prefix.map((word, index) => (at > 0 && index === at ? run.spec.cpus : word));
}

const isSamePlace = (a: Run, b: Run): boolean =>
  a.plan.cpus === b.plan.cpus && a.plan.memoryNodes === b.plan.memoryNodes;

/** The row whose threads the prompt should use: the fastest prefill among those of the same placement. */
function batchRowOf({ rows, prefills }: ModelEvidence, chosen: DecodeRow, run: Run): DecodeRow {
  const speedOf = ({ threadsCount }: DecodeRow): number =>
    prefills.find((row) => row.threadsCount === threadsCount)?.prefillTokensPerSecond ?? 0;
  const beside = rows.filter((row) => row.runs.some((other) => isSamePlace(other, run)));
  return beside.reduce((top, row) => (speedOf(row) > speedOf(top) ? row : top), chosen);
}

/** The settings of the recommended thread count and placement of the first model that is whole; null when none is. */
export function settingsOf(evidence: Evidence): Settings | null {
  const model = evidence.models.find((one) => cutOf(one.model) === null);
  if (model === undefined || isDisturbed(evidence)) return null;
  const chosen = frugalOf(model);
  const [run] = chosen.runs;
  if (run === undefined) return null;
  const { threadsCount } = chosen;
  const batch = batchRowOf(model, chosen, run);
  const widest = batch.threadsCount > threadsCount ? (batch.runs[0] ?? run) : run;
  const prefix = prefixOf(widest)
    .map((word) => `${word} `)
    .join("");
  return {
    model: model.label,
    llamaCpp: `${prefix}llama-server -m MODEL.gguf --threads ${threadsCount} --threads-batch ${batch.threadsCount}`,
    nodeLlamaCpp: `const llama = await getLlama({ gpu: false, maxThreads: ${threadsCount} });`,
    ollama: `PARAMETER num_thread ${threadsCount}   # in the Modelfile, or "options": {"num_thread": ${threadsCount}}`,
  };
}
