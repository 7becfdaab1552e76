import { readFile } from "node:fs/promises";
import { Command } from "commander";
import type { MixBudget, MixPlan } from "../../compression/index.ts";
import type { Divergence } from "../../inference/index.ts";
import { formatQuantity } from "../../units/index.ts";
import { byteQuantity, presentOf, wholeNumber } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { openStatusLine, printJson, printText } from "../output.ts";

/** A number of bytes, or the label whose size is meant. */
type Size = { readonly bytes: number } | { readonly label: string };

interface MixFlags {
  readonly size?: Size;
  readonly read?: number;
  readonly text: string;
  readonly chunk?: number;
  readonly types?: readonly string[];
  readonly probe?: string;
  readonly output?: string;
  readonly json?: true;
}

function readSize(text: string): Size {
  const [, label] = /^like:(.+)$/i.exec(text) ?? [];
  return label === undefined ? { bytes: byteQuantity(text) } : { label };
}

async function budgetOf(path: string, { size, read }: MixFlags): Promise<MixBudget> {
  if (size === undefined) return { bytesPerToken: read ?? 0 };
  if ("bytes" in size) return { fileBytes: size.bytes };
  const { planQuantization } = await import("../../inference/index.ts");
  return { fileBytes: (await planQuantization({ path, quant: size.label })).fileBytes };
}

async function printMix(plan: MixPlan, measured: Divergence, path: string): Promise<void> {
  const { tableMarkdown } = await import("../../report/index.ts");
  printText(tableMarkdown(plan.rows));
  const size = formatQuantity(plan.fileBytes, "fileBytes");
  const [found, predicted] = [measured.meanDivergence, plan.predictedDivergence].map((value) => value.toPrecision(3));
  printText(`\n${path}: ${size}; ${found} nats a token from the original on this text, predicted ${predicted}`);
}

async function mix(path: string, flags: MixFlags, command: Command): Promise<void> {
  if ((flags.size === undefined) === (flags.read === undefined)) {
    command.error("error: pass either --size or --read, such as --size like:Q4_K_M.", { exitCode: 2 });
  }
  const { buildMix, measureDivergence, measureMix, planMix, startModel } = await import("../../compression/index.ts");
  const outputPath = flags.output ?? path.replace(/(\.gguf)?$/, "-mix.gguf");
  const budget = await budgetOf(path, flags);
  const signal = interruptSignal();
  const status = openStatusLine();
  const given = presentOf({ chunkTokensCount: flags.chunk, types: flags.types, probeType: flags.probe });
  const work = { text: await readFile(flags.text, "utf8"), ...given, signal };
  const measurement = await measureMix({
    path,
    ...work,
    measurementsPath: `${path}.mix.jsonl`,
    onProgress: (what, doneRatio) => {
      status.show(what, doneRatio);
    },
  });
  status.clear();
  const plan = planMix(measurement, budget);
  await buildMix(plan, { outputPath, signal });
  await using reference = await startModel(path, signal);
  const measured = await measureDivergence(outputPath, reference, work);
  if (flags.json) printJson({ path: outputPath, ...plan, measured });
  else await printMix(plan, measured, outputPath);
}

/** `numalab model mix`: a storage format for each part of a model, by what that part costs. */
export function mixCommand(): Command {
  return new Command("mix")
    .description("choose the storage format of each part of a model by measured sensitivity, under a budget")
    .argument("<file>", "a GGUF file in F16, BF16 or F32")
    .requiredOption(
      "--text <file>",
      "prose that the model should do well on: all of it is measured with, for each part of the model",
    )
    .option("--size <size>", "of the file: 200MB, or like:Q4_K_M for what that would take", readSize)
    .option("--read <size>", "what a decoded token may read of the weights, instead of --size", byteQuantity)
    .option("--chunk <n>", "tokens that the model sees at once (default: 512)", wholeNumber(4))
    .option("--types <list>", "storage formats to choose from: Q3_K,Q4_K,Q6_K", (text) => text.split(","))
    .option("--probe <type>", "the storage format in which parts are tried one at a time (default: Q4_0)")
    .option("-o, --output <file>", "where to write (default: beside the original)")
    .option("--json", "print one JSON document")
    .addHelpText("after", "\nWhat was measured is kept in FILE.mix.jsonl: other budgets take no new measurements.")
    .action(mix);
}
