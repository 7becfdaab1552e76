import { Command } from "commander";
import { presentOf, wholeNumber, wholeNumbers } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { openStatusLine, printJson, printNote, printText } from "../output.ts";
import { modelPathOf, placesOf } from "../places.ts";

interface BenchFlags {
  readonly prompt: number;
  readonly gen: number;
  readonly threads?: number[];
  readonly repetitions: number;
  readonly data?: string;
  readonly json?: true;
}

async function run(models: string[], flags: BenchFlags, command: Command): Promise<void> {
  if (flags.prompt === 0 && flags.gen === 0)
    command.error("error: -p 0 and -n 0 leave nothing to time. Give one of them.");
  const { bench, benchNotesOf, benchRowsOf } = await import("../../study/index.ts");
  const { warningCountsOf } = await import("../../record/index.ts");
  const { tableMarkdown } = await import("../../report/index.ts");
  const status = openStatusLine();
  const spec = {
    modelPaths: await Promise.all(models.map((model) => modelPathOf(model))),
    promptTokensCount: flags.prompt,
    decodeTokensCount: flags.gen,
    repetitionsCount: flags.repetitions,
    ...presentOf({ threadCounts: flags.threads }),
  };
  const { runs, recordsFolder } = await bench(spec, {
    runsFolder: placesOf(flags.data).runs,
    signal: interruptSignal(),
    onProgress: ({ message, doneRatio }) => {
      status.show(message, doneRatio);
    },
  }).finally(() => {
    status.clear();
  });
  const rows = benchRowsOf(runs);
  if (flags.json) printJson(rows);
  else printText(tableMarkdown(rows));
  for (const note of benchNotesOf(runs)) printNote(note);
  for (const { code, message, advice, runsCount } of warningCountsOf(runs)) {
    printNote(`warning [${code}] in ${runsCount} of ${runs.length} runs, the last: ${message} ${advice}`);
  }
  printNote(`runs in ${recordsFolder}`);
}

/** `numalab bench`: fixed lengths, as llama-bench has them, bound and with intervals. */
export function benchCommand(): Command {
  return new Command("bench")
    .description("time prompts and generation of model files, with intervals and the share of memory bandwidth")
    .argument("<model...>", "GGUF files, or names such as ollama:llama3.2:1b")
    .option("-p, --prompt <n>", "prompt tokens; 0 leaves it out", wholeNumber(0), 512)
    .option("-n, --gen <n>", "tokens to generate; 0 leaves it out", wholeNumber(0), 128)
    .option("-t, --threads <list>", "thread counts, such as 1,2,4", wholeNumbers(1))
    .option("-r, --repetitions <n>", "repetitions of each", wholeNumber(1), 6)
    .option("--data <dir>", "data folder")
    .option("--json", "print one JSON document")
    .action(run);
}
