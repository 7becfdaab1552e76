// Measures this package beside llama.cpp's own tools and node-llama-cpp's public calls: both sides in processes of their own,
// in pairs, in random order. Prints a Markdown table with the 95 % interval of each ratio and the bar it is held to.
//   npm run parity -- [cells: decode prefill stream api batch start share quantize; all where none is named]
//     --shapes 0.5b,1.1b --quants q4_0,q4_k_m,q8_0 --threads 1,2 --rounds 11 --out numalab-out/parity.json --folder FOLDER
// Needs git and g++: the tools are compiled from the source that node-llama-cpp carries and linked to its own libraries, so
// that both sides run the same kernels. Every side of every round is kept in the JSON file; a run that is cut short prints
// what it has. The models are synthetic and stay in the folder for the next run.
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { planNativeInstance } from "numalab/inference";
import { batchGroups } from "./batch.mjs";
import { provideModel, shapes } from "./models.mjs";
import { quantizeGroups } from "./quantize.mjs";
import { rateGroups } from "./rates.mjs";
import { openRecord } from "./record.mjs";
import { runRounds } from "./rounds.mjs";
import { shareGroups } from "./share.mjs";
import { startGroups } from "./start.mjs";
import { formatTable } from "./table.mjs";
import { work } from "../llamaTool.mjs";

const groupsOf = [rateGroups, batchGroups, startGroups, shareGroups, quantizeGroups];
const cellNames = ["decode", "prefill", "stream", "api", "batch", "start", "share", "quantize"];

const wordsOf = (text) => text.toLowerCase().split(",");

/** What is to be measured; throws where a word of it is unknown. */
async function readChoices() {
  const text = (usual) => ({ type: "string", default: usual });
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      shapes: text("0.5b"),
      quants: text("q4_0,q4_k_m,q8_0"),
      threads: text(""),
      rounds: text("11"),
      out: text("numalab-out/parity.json"),
      folder: text(work),
    },
  });
  const { threadsCount: most } = await planNativeInstance();
  const choices = {
    cells: positionals.length === 0 ? cellNames : positionals,
    shapes: wordsOf(values.shapes),
    quants: wordsOf(values.quants).map((word) => word.toUpperCase()),
    threadsCounts: values.threads === "" ? [...new Set([1, most])] : wordsOf(values.threads).map(Number),
    roundsCount: Number(values.rounds),
    folder: values.folder,
    out: values.out,
  };
  const unknown = [
    ...choices.cells.filter((name) => !cellNames.includes(name)),
    ...choices.shapes.filter((name) => !(name in shapes)),
    ...choices.threadsCounts.filter((count) => !(count >= 1 && count <= most)).map((count) => `${count} threads`),
  ];
  if (unknown.length === 0 && choices.roundsCount >= 1) return choices;
  const known = `${cellNames.join(" ")}; shapes ${Object.keys(shapes).join(",")}; up to ${most} threads; rounds from 1`;
  throw new Error(`Not known here: ${unknown.join(", ") || "the rounds"}. Known: ${known}.`);
}

async function main() {
  const choices = await readChoices();
  const context = { ...choices, model: (shape, quant) => provideModel(choices.folder, { shape, quant }) };
  const groups = [];
  for (const make of groupsOf) groups.push(...(await make(context)));
  const machine = { cpu: cpus()[0]?.model ?? null, cpusCount: availableParallelism(), node: process.version };
  const record = openRecord(choices.out, { machine, choices });
  const print = () => {
    console.log(`${machine.cpu}, ${machine.cpusCount} CPUs, Node ${machine.node}; all rounds: ${choices.out}\n`);
    console.log(formatTable(groups, record.rounds));
  };
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      print();
      process.exit(130);
    });
  }
  await runRounds(groups, { roundsCount: choices.roundsCount, record });
  print();
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
