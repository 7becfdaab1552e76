import { Command } from "commander";
import { wholeNumber } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { openStatusLine, printJson, printNote, printText } from "../output.ts";
import { counted } from "../../units/index.ts";

interface Flags {
  readonly output?: string;
  readonly allowErrors?: true;
  readonly timeout?: number;
  readonly json?: true;
}

async function runNotebookCommand(path: string, { output, allowErrors, timeout, json }: Flags): Promise<void> {
  const { runNotebook } = await import("../../../kernels/typescript/notebook/run.ts");
  const status = openStatusLine();
  const run = await runNotebook({
    path,
    ...(output === undefined ? {} : { outputPath: output }),
    timeoutSeconds: timeout ?? null,
    allowErrors: allowErrors ?? false,
    signal: interruptSignal(),
    onCell: (cellNumber, cellsCount) => {
      status.show(`cell ${cellNumber} of ${cellsCount}`, (cellNumber - 1) / cellsCount);
    },
  }).finally(() => {
    status.clear();
  });
  for (const { cellNumber, name, message, traceback } of run.failures) {
    printNote(`Cell ${cellNumber} of ${run.path} failed.`);
    printNote(traceback.length > 0 ? traceback.join("\n") : `${name}: ${message}`);
  }
  if (json) printJson(run);
  else printText(`${run.outputPath}: ${counted(run.executedCount, "cell")} run in ${run.durationSeconds.toFixed(1)} s`);
  if (run.failures.length > 0) process.exitCode = 1;
}

/** `numalab run`: a notebook, from the first cell to the last, without Jupyter. */
export function runCommand(): Command {
  return new Command("run")
    .description("run a TypeScript notebook without Jupyter and write its outputs")
    .argument("<notebook>", "an .ipynb file")
    .option("--output <file>", "write the executed notebook there (default: into the notebook itself)")
    .option("--allow-errors", "go on after a cell that fails")
    .option("--timeout <seconds>", "the longest that one cell may run (default: as long as it takes)", wholeNumber(1))
    .option("--json", "print one JSON document")
    .action(runNotebookCommand);
}
