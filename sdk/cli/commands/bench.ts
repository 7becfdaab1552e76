import { Command, InvalidArgumentError } from "commander";
import { benchHelp } from "../benchFlags.ts";
import type { BenchRequest } from "../benchRequest.ts";
import { interruptSignal } from "../interrupt.ts";
import { openStatusLine, printNote } from "../output.ts";
import { modelPathOf, placesOf } from "../places.ts";

async function run({ spec, output, errorOutput, shownFields, data }: BenchRequest): Promise<void> {
  const { bench, benchNotesOf, formatLlamaBench } = await import("../../study/index.ts");
  const { warningCountsOf } = await import("../../record/index.ts");
  const status = openStatusLine();
  const modelPaths = await Promise.all(spec.modelPaths.map((model) => modelPathOf(model)));
  const { tests, runs, recordsFolders } = await bench(
    { ...spec, modelPaths },
    {
      runsFolder: placesOf(data).runs,
      signal: interruptSignal(),
      onProgress: ({ message, doneRatio }) => {
        status.show(message, doneRatio);
      },
    },
  ).finally(() => {
    status.clear();
  });
  if (output !== "none") process.stdout.write(formatLlamaBench(tests, { format: output, shownFields }));
  if (errorOutput !== "none") process.stderr.write(formatLlamaBench(tests, { format: errorOutput, shownFields }));
  for (const note of benchNotesOf(runs, tests)) printNote(note);
  for (const { code, message, advice, runsCount } of warningCountsOf(runs)) {
    printNote(`warning [${code}] in ${runsCount} of ${runs.length} runs, the last: ${message} ${advice}`);
  }
  for (const folder of recordsFolders) printNote(`runs in ${folder}`);
  if (tests.some(({ isSuspect }) => isSuspect)) process.exitCode = 1;
}

async function parseAndRun(words: readonly string[], command: Command): Promise<void> {
  const { parseBenchRequest } = await import("../benchRequest.ts");
  try {
    await run(parseBenchRequest(words));
  } catch (error) {
    if (error instanceof InvalidArgumentError) command.error(`error: ${error.message}`, { exitCode: 2 });
    throw error;
  }
}

/** `numalab bench`: the flags and output of llama-bench, bound and with intervals. */
export function benchCommand(): Command {
  return new Command("bench")
    .description(
      "time prompts and generation of model files; understands the flags of llama-bench and writes its formats",
    )
    .usage("[flags] MODEL...")
    .argument("[words...]", "flags, and GGUF files or names such as ollama:llama3.2:1b")
    .allowUnknownOption()
    .passThroughOptions()
    .addHelpText("after", benchHelp)
    .action((words: string[], _: unknown, command: Command) => parseAndRun(words, command));
}
