import { homedir } from "node:os";
import { Command, Option } from "commander";
import type { CacheFormat, SynthesisPlan } from "../../model/index.ts";
import { formatQuantity } from "../../units/index.ts";
import { assertAbsent, countOrShare, presentOf, share, wholeNumber } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { modelText } from "../modelText.ts";
import { openStatusLine, printJson, printNote, printText } from "../output.ts";
import { modelPathOf, placesOf } from "../places.ts";
import { distilCommand } from "./distillation.ts";
import { fetchCommand } from "./fetch.ts";
import { mixCommand } from "./mix.ts";
import { editCommand, mergeCommand, pruneCommand, splitCommand } from "./modelFiles.ts";
import { ladderCommand } from "./ladder.ts";
import { printOnnx, synthesizeOnnx } from "./onnx.ts";
import { profileCommand } from "./profile.ts";
import { isOnnx } from "./onnxCompression.ts";
import { compareCommand, quantizeCommand } from "./quantization.ts";

interface SynthFlags {
  readonly onnx?: true;
  readonly quant: "F16" | "Q8_0" | "Q4_0";
  readonly depth?: number;
  readonly width?: number;
  readonly vocabulary?: string;
  readonly seed: number;
  readonly out?: string;
  readonly data?: string;
  readonly json?: true;
}

function planText({ name, quant, fileBytes, path, freeBytes }: SynthesisPlan): string {
  return `${name} ${quant}: ${formatQuantity(fileBytes, "fileBytes")} to ${path} (${formatQuantity(freeBytes, "freeBytes")} free)`;
}

async function synthesize(preset: string, flags: SynthFlags, command: Command): Promise<void> {
  if (flags.onnx) {
    assertAbsent(
      command,
      ["quant", "width", "vocabulary"],
      "shape GGUF files. Leave --onnx out, or quantize the result.",
    );
    return synthesizeOnnx(preset, flags);
  }
  const { planSynthesis, synthesizeModel } = await import("../../model/index.ts");
  const spec = {
    preset,
    quant: flags.quant,
    randomSeed: flags.seed,
    folder: placesOf(flags.data).models,
    ...presentOf({ depth: flags.depth, width: flags.width, vocabulary: flags.vocabulary, path: flags.out }),
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
    .option("--onnx", "write ONNX in float32 instead: a decoder, bert-base, minilm-l6, resnet-50, …")
    .option("--depth <n>", "keep only the first n layers, or a share of them such as 1/8", countOrShare)
    .option("--width <share>", "keep only a share of the width such as 1/2, with heads as large as before", share)
    .option("--vocabulary <name>", "real tokens: a GGUF file, or a name in llama.cpp's sources such as qwen2")
    .option("--seed <n>", "random seed", wholeNumber(0), 1)
    .option("--out <file>", "where to write (default: the models folder)")
    .option("--data <dir>", "data folder")
    .option("--json", "print one JSON document")
    .action(synthesize);
}

interface InspectFlags {
  readonly context?: number;
  readonly cacheType?: CacheFormat;
  readonly json?: true;
}

async function inspect(file: string, { context, cacheType, json }: InspectFlags): Promise<void> {
  if (isOnnx(file)) return printOnnx(file, json);
  const [{ inspectModel }, { inspectionText }] = await Promise.all([
    import("../../model/index.ts"),
    import("../inspectionText.ts"),
  ]);
  const spec = presentOf({ contextTokensCount: context, cacheFormat: cacheType });
  const inspection = await inspectModel(await modelPathOf(file), spec);
  if (json) printJson(inspection);
  else printText(inspectionText(inspection));
}

function inspectCommand(): Command {
  return new Command("inspect")
    .description(
      "show what a GGUF file holds, what a token reads of it, and what memory it needs; or what an ONNX file computes",
    )
    .argument("<file>")
    .option(
      "--context <n>",
      "tokens of context to reckon memory for (default: 4096 or the model's own)",
      wholeNumber(1),
    )
    .option("--cache-type <type>", "number format of keys and values: f16, q8_0, q4_0, … (default: f16)")
    .option("--json", "print one JSON document")
    .action(inspect);
}

function typesCommand(): Command {
  return new Command("types")
    .description("list the storage formats of GGUF tensors")
    .option("--json", "print one JSON document")
    .action(async (flags: { json?: true }) => {
      const [{ tensorTypes }, { tableMarkdown }] = await Promise.all([
        import("../../model/index.ts"),
        import("../../report/index.ts"),
      ]);
      const types = [...tensorTypes.values()].map((type) => ({
        ...type,
        bitsPerWeight: (8 * type.blockBytes) / type.blockWeights,
      }));
      if (flags.json) printJson(types);
      else printText(tableMarkdown(types));
    });
}

function listCommand(): Command {
  return new Command("list")
    .description("list the models in the models folder, and those of Ollama, LM Studio, Hugging Face and llama.cpp")
    .option("--data <dir>", "data folder")
    .option("--json", "print one JSON document")
    .action(async (flags: { data?: string; json?: true }) => {
      const [{ findModels, listModels, userModelPlaces }, { tableMarkdown }] = await Promise.all([
        import("../../model/index.ts"),
        import("../../report/index.ts"),
      ]);
      const own = await listModels(placesOf(flags.data).models);
      const found = await findModels(userModelPlaces(homedir(), process.env));
      const models = [...own.map((model) => ({ ...model, program: "numalab" })), ...found];
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
  const command = new Command("model").description(
    "fetch, make, quantize, mix, prune, edit, split, show, profile, list and remove models",
  );
  const commands = [
    fetchCommand(),
    synthCommand(),
    quantizeCommand(),
    compareCommand(),
    mixCommand(),
    distilCommand(),
    inspectCommand(),
    profileCommand(),
    typesCommand(),
    editCommand(),
    splitCommand(),
    mergeCommand(),
    pruneCommand(),
    ladderCommand(),
    listCommand(),
    removeCommand(),
  ];
  for (const one of commands) command.addCommand(one);
  return command;
}
