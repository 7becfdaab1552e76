import { Command } from "commander";
import { presentOf, wholeNumber, wholeNumbers } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { openStatusLine, printJson, printNote, printText } from "../output.ts";
import { modelPathOf } from "../places.ts";

interface BatchFlags {
  readonly sizes: number[];
  readonly prompt: number;
  readonly gen: number;
  readonly requests?: number;
  readonly rounds: number;
  readonly threads?: number;
  readonly chunk?: number;
  readonly json?: true;
}

async function run(model: string, flags: BatchFlags): Promise<void> {
  const { batchFrontier } = await import("../../study/index.ts");
  const { tableMarkdown } = await import("../../report/index.ts");
  const status = openStatusLine();
  const spec = {
    modelPath: await modelPathOf(model),
    batchSizes: flags.sizes,
    promptTokensCount: flags.prompt,
    generatedTokensCount: flags.gen,
    roundsCount: flags.rounds,
    ...presentOf({ requestsCount: flags.requests, threadsCount: flags.threads }),
    ...(flags.chunk === undefined ? {} : { policy: { promptChunkTokensCount: flags.chunk } }),
  };
  const rows = await batchFrontier(spec, {
    signal: interruptSignal(),
    onProgress: (message, doneRatio) => {
      status.show(message, doneRatio);
    },
  }).finally(() => {
    status.clear();
  });
  if (flags.json) printJson(rows);
  else printText(tableMarkdown(rows));
  printNote("tokensPerSecond is of all requests together; interToken is what each of them waits from token to token");
}

/** `numalab batch`: what computing several requests at once gives and costs. */
export function batchCommand(): Command {
  return new Command("batch")
    .description("compute several requests at once: throughput of all against the time between tokens of each")
    .argument("<model>", "a GGUF file, or a name such as ollama:llama3.2:1b")
    .option("--sizes <list>", "requests at once, such as 1,2,4,8", wholeNumbers(1), [1, 2, 4, 8])
    .option("-p, --prompt <n>", "prompt tokens of a request", wholeNumber(1), 64)
    .option("-n, --gen <n>", "tokens that each generates", wholeNumber(1), 32)
    .option("--requests <n>", "requests of a run (default: twice the largest size)", wholeNumber(1))
    .option("--rounds <n>", "runs of each size", wholeNumber(1), 3)
    .option("--chunk <n>", "prompt tokens computed beside the next tokens of others (default: 64)", wholeNumber(1))
    .option("-t, --threads <n>", "threads (default: all that are allowed)", wholeNumber(1))
    .option("--json", "print one JSON document")
    .action(run);
}
