import { Command } from "commander";
import type { InstructionSetRow } from "../../study/index.ts";
import { presentOf, wholeNumber } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { openStatusLine, printJson, printNote, printText } from "../output.ts";
import { modelPathOf } from "../places.ts";

interface IsaFlags {
  readonly builds?: string[];
  readonly prompt: number;
  readonly gen: number;
  readonly rounds: number;
  readonly threads?: number;
  readonly json?: true;
}

const shownColumns = [
  "model",
  "quant",
  "instructionSet",
  "build",
  "decodeTokensPerSecond",
  "decodeSpeedup",
  "decodeSpeedupLow",
  "decodeSpeedupHigh",
  "prefillTokensPerSecond",
  "prefillSpeedup",
  "output",
  "binding",
] as const satisfies readonly (keyof InstructionSetRow)[];

async function measure(models: readonly string[], flags: IsaFlags): Promise<InstructionSetRow[][]> {
  const { instructionSetLadder } = await import("../../study/index.ts");
  const signal = interruptSignal();
  const status = openStatusLine();
  const ladders: InstructionSetRow[][] = [];
  try {
    for (const model of models) {
      const spec = {
        modelPath: await modelPathOf(model),
        promptTokensCount: flags.prompt,
        generatedTokensCount: flags.gen,
        roundsCount: flags.rounds,
        ...presentOf({ builds: flags.builds, threadsCount: flags.threads }),
      };
      const onProgress = (message: string, doneRatio: number): void => {
        status.show(`${model}: ${message}`, doneRatio);
      };
      ladders.push(await instructionSetLadder(spec, { signal, onProgress }));
    }
  } finally {
    status.clear();
  }
  return ladders;
}

async function run(models: readonly string[], flags: IsaFlags): Promise<void> {
  const { ladderSentenceOf } = await import("../../study/index.ts");
  const { tableMarkdown } = await import("../../report/index.ts");
  const ladders = await measure(models, flags);
  const rows = ladders.flat();
  if (flags.json) printJson(rows);
  else {
    const shown = rows.map((row) => Object.fromEntries(shownColumns.map((column) => [column, row[column]])));
    printText(tableMarkdown(shown));
  }
  for (const ladder of ladders) printNote(ladderSentenceOf(ladder));
  if (rows.some(({ output }) => output === "output-suspect")) process.exitCode = 1;
}

/** `numalab isa`: what each instruction set of this CPU gives. */
export function isaCommand(): Command {
  return new Command("isa")
    .description("run models with each build of the engine that this CPU can run: what each instruction set gives")
    .argument("<models...>", "GGUF files, or names such as ollama:llama3.2:1b")
    .option("--builds <list>", "builds such as haswell,icelake (default: one for each instruction set)", (list) =>
      list.split(","),
    )
    .option("-p, --prompt <n>", "prompt tokens", wholeNumber(1), 128)
    .option("-n, --gen <n>", "tokens to decode", wholeNumber(1), 32)
    .option("--rounds <n>", "fresh processes of each build", wholeNumber(1), 5)
    .option("-t, --threads <n>", "threads (default: all that are allowed)", wholeNumber(1))
    .option("--json", "print one JSON document")
    .action(run);
}
