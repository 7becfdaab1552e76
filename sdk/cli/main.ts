#!/usr/bin/env node
import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { NumalabError } from "../errors.ts";
import { batchCommand } from "./commands/batch.ts";
import { benchCommand } from "./commands/bench.ts";
import { diagnoseCommand } from "./commands/diagnose.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { hostCommand } from "./commands/host.ts";
import { isaCommand } from "./commands/isa.ts";
import { kernelCommand } from "./commands/kernel.ts";
import { launchCommand } from "./commands/launch.ts";
import { modelCommand } from "./commands/model.ts";
import { probeCommand } from "./commands/probe.ts";
import { reportCommand } from "./commands/report.ts";
import { runCommand } from "./commands/run.ts";
import { endWithOutput, wasInterrupted } from "./interrupt.ts";
import { printNote } from "./output.ts";

/** Codes of errors that say that a flag or an argument has a value that cannot be used here. */
const usageCodes = new Set([
  "ambiguous-model",
  "bad-cpu-list",
  "bad-option",
  "bad-place",
  "bad-setting",
  "bad-shape",
  "bad-source",
  "bad-spec",
  "bad-threads-count",
  "cpu-not-allowed",
  "invalid-setting",
  "needs-samples",
  "no-such-cpu",
  "no-such-preset",
  "no-such-vocabulary",
  "no-such-quant",
  "not-a-quantity",
  "over-budget",
  "threads-out-of-range",
  "unknown-symbol",
  "unwritable-folder",
]);

/** 0 done, 1 failed, 2 wrong usage, 130 interrupted. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (wasInterrupted()) return 130;
  return error instanceof NumalabError && usageCodes.has(String(error.code)) ? 2 : 1;
}

function sentenceOf(error: unknown): string {
  if (wasInterrupted() && error instanceof NumalabError && error.code === "aborted")
    return `Interrupted. ${error.message}`;
  if (wasInterrupted()) return "Interrupted. Finished runs are kept; the same command goes on where this one stopped.";
  if (error instanceof NumalabError) return error.toString();
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function programOf(): Command {
  const { version } = createRequire(import.meta.url)("numalab/package.json") as { version: string };
  const commands = [
    diagnoseCommand(),
    probeCommand(),
    doctorCommand(),
    hostCommand(),
    modelCommand(),
    benchCommand(),
    batchCommand(),
    isaCommand(),
    launchCommand(),
    reportCommand(),
    runCommand(),
    kernelCommand(),
  ];
  const program = new Command("numalab")
    .description("What this machine gives for a language model, which setting is best, and what bounds it.")
    .version(version)
    .enablePositionalOptions();
  for (const command of commands) program.addCommand(command);
  const overrideExit = (command: Command): void => {
    command.exitOverride();
    command.commands.forEach(overrideExit);
  };
  overrideExit(program);
  return program;
}

async function main(): Promise<void> {
  endWithOutput();
  try {
    await programOf().parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) printNote(sentenceOf(error));
    process.exitCode = exitCodeOf(error);
  }
}

void main();
