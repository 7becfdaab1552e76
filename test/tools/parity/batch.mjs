// Sequences decoded together, beside llama-batched-bench.
import { tokensPerSecondOf } from "numalab/inference";
import { withEngines } from "./engines.mjs";
import { runTool } from "./theirTools.mjs";

const sequencesCounts = [4, 8];
const tokensCount = 32;
/** What each sequence may hold; theirs holds as much. */
const contextTokensCount = 256;

async function runTheirs({ modelPath, threadsCount, sequencesCount }) {
  const options = {
    "-m": modelPath,
    "-c": sequencesCount * contextTokensCount,
    "-npp": 1,
    "-ntg": tokensCount,
    "-npl": sequencesCount,
    "-t": threadsCount,
    "-tb": threadsCount,
    "--output-format": "jsonl",
  };
  const said = await runTool("batched-bench", ["--no-mmap", ...Object.entries(options).flat().map(String)]);
  const line = said.split("\n").find((one) => one.startsWith("{"));
  return { decode: JSON.parse(line ?? "{}").speed_tg };
}

function runOurs({ modelPath, threadsCount, sequencesCount }) {
  const threads = { threadsCount, cpus: null };
  return withEngines([{ modelPath, driver: "llama", sequencesCount, contextTokensCount }], async ([engine]) => {
    await engine.decodeBatch({ sequencesCount, tokensCount: 1, threads });
    return { decode: tokensPerSecondOf(await engine.decodeBatch({ sequencesCount, tokensCount, threads })) };
  });
}

/** One group a model, number of threads and number of sequences. */
export async function batchGroups({ cells, shapes, quants, threadsCounts, model }) {
  if (!cells.includes("batch")) return [];
  const groups = [];
  for (const shape of shapes) {
    for (const quant of quants) {
      const modelPath = await model(shape, quant);
      for (const threadsCount of threadsCounts) {
        for (const sequencesCount of sequencesCounts) {
          const side = { modelPath, threadsCount, sequencesCount };
          const name = `batch of ${sequencesCount} / llama-batched-bench`;
          groups.push({
            title: `${shape} ${quant}, ${threadsCount} threads, ${sequencesCount} sequences`,
            sides: { ours: () => runOurs(side), theirs: () => runTheirs(side) },
            figures: [{ name, side: "ours", over: "theirs", measure: "decode", bar: { least: 0.97 } }],
          });
        }
      }
    }
  }
  return groups;
}
