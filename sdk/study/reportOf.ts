import { bandwidthCurve, threadSweep, topologyMap } from "../plot/index.ts";
import type { Block, Report, Section } from "../report/index.ts";
import { counted, formatInterval, formatQuantity, type Interval } from "../units/index.ts";
import type { Topology } from "../topology/index.ts";
import type { DiagnosedWarning, Diagnosis, MeasuredRow } from "./diagnosis.ts";
import { labelOfModel } from "./label.ts";
import type { Sentence } from "./sentence.ts";

const listOf = (sentences: readonly Sentence[]): string => sentences.map(({ text }) => `- ${text}`).join("\n");
const paragraphsOf = (sentences: readonly Sentence[]): string => sentences.map(({ text }) => text).join("\n\n");

/** `36.1 [35–36.5]`; without brackets where there is no interval. */
function withInterval(estimate: number | null, interval: Interval, name = ""): string {
  const hasEnds = interval.low !== null && interval.high !== null;
  return formatQuantity(estimate, name) + (hasEnds ? ` [${formatInterval(interval, name)}]` : "");
}

/** The columns that people read, in the order in which they ask, few enough for the width of a page. */
function shownRow(row: MeasuredRow): Record<string, unknown> {
  const decode = { low: row.decodeLowTokensPerSecond, high: row.decodeHighTokensPerSecond };
  const prefill = { low: row.prefillLowTokensPerSecond, high: row.prefillHighTokensPerSecond };
  const share = { low: row.decodeRooflineLowRatio, high: row.decodeRooflineHighRatio };
  return {
    model: labelOfModel({ name: row.model, quant: row.quant }),
    threads: row.threadsCount,
    decodeTokensPerSecond:
      row.decodeTokensPerSecond === null && row.excludedRunsCount > 0
        ? "excluded: cut short"
        : withInterval(row.decodeTokensPerSecond, decode),
    promptTokens: row.promptTokensCount,
    prefillTokensPerSecond: withInterval(row.prefillTokensPerSecond, prefill),
    readBytesPerSecond: row.decodeBytesPerSecond,
    share: withInterval(row.decodeRooflineRatio, share, "shareRatio"),
    runs:
      row.excludedRunsCount === 0
        ? row.repetitionsCount
        : `${row.repetitionsCount} (${row.excludedRunsCount} excluded)`,
  };
}

function bandwidthBlocks({ bandwidth }: Diagnosis): Block[] {
  const points = bandwidth.map(({ threadsCount, bytesPerSecond, warnings, ...ends }) => ({
    series: "read",
    threadsCount,
    bandwidthBytesPerSecond: bytesPerSecond,
    lowBytesPerSecond: ends.lowBytesPerSecond,
    highBytesPerSecond: ends.highBytesPerSecond,
    warnings: warnings.map(({ message }) => message).join("\n"),
  }));
  const overPasses = bandwidth.some(({ intervalOver }) => intervalOver === "passes")
    ? " Over fewer than 3 measurements, an interval is that of their passes."
    : "";
  const caption = `What each thread count read of this machine's memory, each measurement with the same weight. The most of it is the ceiling above.${overPasses}`;
  return points.length === 0 ? [] : [{ figure: bandwidthCurve(points), caption }];
}

/** What keeps node-llama-cpp below the measured speed, and what wins back a part. */
const publicCallsNote =
  "its public calls create threads anew for every token and do not reach the measured speed with several threads; `UV_THREADPOOL_SIZE=1` in the environment that starts node wins back a part, because then always the same thread of Node's pool calls the engine";

function settingsBlocks({ settings }: Diagnosis): Block[] {
  if (settings === null) return [];
  const { model, llamaCpp, nodeLlamaCpp, ollama } = settings;
  const lines = [
    `- llama.cpp: \`${llamaCpp}\``,
    `- node-llama-cpp: \`${nodeLlamaCpp}\` (${publicCallsNote})`,
    `- Ollama: \`${ollama}\``,
  ];
  return [`Settings to paste, for ${model}:\n\n${lines.join("\n")}`];
}

/** How many runs that timed tokens carry a warning, and how many that measured bandwidth. */
function placesText(warning: DiagnosedWarning, { runsCount, bandwidthRunsCount }: Diagnosis): string {
  const timed = `${warning.runsCount} of ${runsCount} runs`;
  const bandwidth = `${warning.bandwidthRunsCount} of ${bandwidthRunsCount} bandwidth measurements`;
  return [...(warning.runsCount > 0 ? [timed] : []), ...(warning.bandwidthRunsCount > 0 ? [bandwidth] : [])].join(
    " and ",
  );
}

/** The warnings of the runs, grouped, with how many carry each and the latest of its sentences. */
function warningsSection(diagnosis: Diagnosis): Section[] {
  const lines = diagnosis.warnings.map(
    (warning) =>
      `- **${warning.code}** in ${placesText(warning, diagnosis)}, the last: ${warning.message} ${warning.advice}`,
  );
  return lines.length === 0 ? [] : [{ heading: "Warnings", blocks: [lines.join("\n")] }];
}

function machineSection(topology: Topology | null): Section[] {
  return topology === null ? [] : [{ heading: "The machine", blocks: [{ figure: topologyMap(topology) }] }];
}

function subtitleOf({ machine, study }: Diagnosis): string {
  const { cpuModel, architecture, packagesCount, numaNodesCount, coresCount, pusCount } = machine;
  return `${cpuModel ?? architecture ?? "unknown CPU"}, ${counted(packagesCount, "package")}, ${counted(numaNodesCount, "NUMA node")}, ${counted(coresCount, "core")}, ${counted(pusCount, "PU")} · ${study}`;
}

/** A diagnosis as a page: the answer, what to change, the evidence, the caveats; with the machine's map where it is known. */
export function reportOf(diagnosis: Diagnosis, topology: Topology | null = null): Report {
  const sweep = threadSweep(diagnosis.measured, { title: "Tokens per second against threads" });
  return {
    title: "What this machine gives",
    subtitle: subtitleOf(diagnosis),
    sections: [
      { heading: "The answer", blocks: [paragraphsOf(diagnosis.answer)] },
      { heading: "What to change", blocks: [listOf(diagnosis.changes), ...settingsBlocks(diagnosis)] },
      {
        heading: "What was measured",
        blocks: [
          { figure: sweep },
          {
            table: diagnosis.measured.map(shownRow),
            caption:
              "Estimates with 95 % intervals; prompts of the length beside them. The share is what decoding reads of the most that any thread count read of this memory.",
          },
          ...bandwidthBlocks(diagnosis),
        ],
      },
      { heading: "Caveats", blocks: [listOf(diagnosis.caveats)] },
      ...warningsSection(diagnosis),
      ...machineSection(topology),
    ],
  };
}
