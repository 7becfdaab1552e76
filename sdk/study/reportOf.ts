import { bandwidthCurve, threadSweep, topologyMap } from "../plot/index.ts";
import type { Block, Report, Section } from "../report/index.ts";
import { summarize } from "../stats/index.ts";
import { formatInterval } from "../units/index.ts";
import type { Topology } from "../topology/index.ts";
import type { Diagnosis, MeasuredRow } from "./diagnosis.ts";
import type { Sentence } from "./sentence.ts";

const listOf = (sentences: readonly Sentence[]): string => sentences.map(({ text }) => `- ${text}`).join("\n");
const paragraphsOf = (sentences: readonly Sentence[]): string => sentences.map(({ text }) => text).join("\n\n");

/** The columns that people read, in the order in which they ask. */
function shownRow(row: MeasuredRow): Record<string, unknown> {
  const decode = { low: row.decodeLowTokensPerSecond, high: row.decodeHighTokensPerSecond };
  const prefill = { low: row.prefillLowTokensPerSecond, high: row.prefillHighTokensPerSecond };
  return {
    model: row.model,
    quant: row.quant,
    threadsCount: row.threadsCount,
    weightsBytesPerToken: row.weightsBytesPerToken,
    decodeTokensPerSecond: row.decodeTokensPerSecond,
    decodeInterval: formatInterval(decode, ""),
    prefillTokensPerSecond: row.prefillTokensPerSecond,
    prefillInterval: formatInterval(prefill, ""),
    readBytesPerSecond: row.decodeBytesPerSecond,
    ceilingShareRatio: row.decodeRooflineRatio,
    runsCount: row.repetitionsCount,
  };
}

function bandwidthBlocks({ bandwidth }: Diagnosis): Block[] {
  const points = bandwidth.map(({ threadsCount, samples }) => {
    const { estimate, low, high } = summarize(samples);
    return {
      series: "read",
      threadsCount,
      bandwidthBytesPerSecond: estimate,
      lowBytesPerSecond: low,
      highBytesPerSecond: high,
      warnings: "",
    };
  });
  const caption =
    "Read bandwidth of this machine's memory: median and interval. The best single sample is the ceiling used above.";
  return points.length === 0 ? [] : [{ figure: bandwidthCurve(points), caption }];
}

function settingsBlocks({ settings }: Diagnosis): Block[] {
  if (settings === null) return [];
  return [
    `Settings to paste:\n\n- llama.cpp: \`${settings.llamaCpp}\`\n- node-llama-cpp: \`${settings.nodeLlamaCpp}\`\n- Ollama: \`${settings.ollama}\``,
  ];
}

function machineSection(topology: Topology | null): Section[] {
  return topology === null ? [] : [{ heading: "The machine", blocks: [{ figure: topologyMap(topology) }] }];
}

function subtitleOf({ machine, study }: Diagnosis): string {
  const { cpuModel, architecture, packagesCount, numaNodesCount, coresCount, pusCount } = machine;
  return `${cpuModel ?? architecture ?? "unknown CPU"}, ${packagesCount} package(s), ${numaNodesCount} NUMA node(s), ${coresCount} cores, ${pusCount} PUs · ${study}`;
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
              "Estimates with 95 % intervals. The ceiling is this machine's memory bandwidth over the bytes that a token reads.",
          },
          ...bandwidthBlocks(diagnosis),
        ],
      },
      { heading: "Caveats", blocks: [listOf(diagnosis.caveats)] },
      ...machineSection(topology),
    ],
  };
}
