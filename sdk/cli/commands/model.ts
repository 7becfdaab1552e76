import { Command, Option } from "commander";
import type { SynthesisPlan } from "../../model/index.ts";
import { formatQuantity } from "../../units/index.ts";
import { wholeNumber } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { modelText } from "../modelText.ts";
import { openStatusLine, printJson, printNote, printText } from "../output.ts";
import { placesOf } from "../places.ts";
import { fetchCommand } from "./fetch.ts";
import { editCommand, mergeCommand, splitCommand } from "./modelFiles.ts";
import { compareCommand, quantizeCommand } from "./quantization.ts";

interface SynthFlags {
  readonly quant: "F16" | "Q8_0" | "Q4_0";
  readonly depth?: number;
  readonly seed: number;
  readonly out?: string;
  readonly data?: string;
  readonly json?: true;
}

function planText({ name, quant, fileBytes, path, freeBytes }: SynthesisPlan): string {
  return `${name} ${quant}: ${formatQuantity(fileBytes, "fileBytes")} to ${path} (${formatQuantity(freeBytes, "freeBytes")} free)`;
}

async function synthesize(preset: string, flags: SynthFlags): Promise<void> {
  const { planSynthesis, synthesizeModel } = await import("../../model/index.ts");
  const spec = {
    preset,
    quant: flags.quant,
    randomSeed: flags.seed,
    folder: placesOf(flags.data).models,
    ...(flags.depth === undefined ? {} : { depth: flags.depth }),
    ...(flags.out === undefined ? {} : { path: flags.out }),
  };
  printNote(planText(await planSynthesis(spec)));
  const status = openStatusLine();
  const model = await synthesizeModel({
    ...spec,
    signal: interruptSignal(),
    onProgress: ({ writtenBytes, totalBytes }) => {
      status.show("writing", writtenBytes / totalBytes);
    },
  });
  status.clear();
  if (flags.json) printJson(model);
  else printText(modelText(model));
}

function synthCommand(): Command {
  return new Command("synth")
    .description("write a model file of a true architecture with random weights")
    .argument("<preset>", "such as qwen2.5-0.5b, tinyllama-1.1b, r1-distill-qwen-7b")
    .addOption(new Option("--quant <type>", "storage format").choices(["F16", "Q8_0", "Q4_0"]).default("Q4_0"))
    .option("--depth <n>", "keep only the first n layers", wholeNumber(1))
    .option("--seed <n>", "random seed", wholeNumber(0), 1)
    .option("--out <file>", "where to write (default: the models folder)")
    .option("--data <dir>", "data folder")
    .option("--json", "print one JSON document")
    .action(synthesize);
}

function inspectCommand(): Command {
  return new Command("inspect")
    .description("show what a GGUF file holds and what a token reads of it")
    .argument("<file>")
    .option("--json", "print one JSON document")
    .action(async (file: string, flags: { json?: true }) => {
      const { readModel } = await import("../../model/index.ts");
      const model = await readModel(file);
      if (flags.json) printJson(model);
      else printText(modelText(model));
    });
}

function listCommand(): Command {
  return new Command("list")
    .description("list the models in the models folder")
    .option("--data <dir>", "data folder")
    .option("--json", "print one JSON document")
    .action(async (flags: { data?: string; json?: true }) => {
      const [{ listModels }, { tableMarkdown }] = await Promise.all([
        import("../../model/index.ts"),
        import("../../report/index.ts"),
      ]);
      const models = await listModels(placesOf(flags.data).models);
      if (flags.json) printJson(models);
      else printText(models.length === 0 ? "no models" : tableMarkdown(models));
    });
}

function removeCommand(): Command {
  return new Command("remove")
    .description("remove a model from the models folder")
    .argument("<name>", "file name or path of a listed model")
    .option("--data <dir>", "data folder")
    .action(async (name: string, flags: { data?: string }) => {
      const { removeModel } = await import("../../model/index.ts");
      printNote(`removed ${await removeModel(name, placesOf(flags.data).models)}`);
    });
}

/** `numalab model`: model files. */
export function modelCommand(): Command {
  const command = new Command("model").description("fetch, make, quantize, show, edit, split, list and remove models");
  const commands = [
    fetchCommand(),
    synthCommand(),
    quantizeCommand(),
    compareCommand(),
    inspectCommand(),
    editCommand(),
    splitCommand(),
    mergeCommand(),
    listCommand(),
    removeCommand(),
  ];
  for (const one of commands) command.addCommand(one);
  return command;
}
