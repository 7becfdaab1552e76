import { Command, InvalidArgumentError } from "commander";
import type { QuantizationPlan, QuantizationSpec, TensorError, TensorOverride } from "../../inference/index.ts";
import { counted, formatQuantity } from "../../units/index.ts";
import { assertAbsent, presentOf, wholeNumber } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { modelText } from "../modelText.ts";
import { openStatusLine, printJson, printNote, printText } from "../output.ts";
import { modelPathOf } from "../places.ts";
import { compareOnnx, isOnnx, quantizeOnnx } from "./onnxCompression.ts";

interface QuantizeFlags {
  readonly quant: string;
  readonly output?: string;
  readonly override?: readonly TensorOverride[];
  readonly imatrix?: string;
  readonly calibration?: string;
  readonly force?: true;
  readonly threads?: number;
  readonly json?: true;
}

/** The type stands behind the last `=`, because a regular expression may have one. */
function addOverride(text: string, before: readonly TensorOverride[] = []): readonly TensorOverride[] {
  const [, pattern, type] = /^(.+)=([^=]+)$/.exec(text) ?? [];
  if (pattern !== undefined && type !== undefined) return [...before, { pattern, type }];
  throw new InvalidArgumentError(`"${text}" is not like attn_v=Q6_K.`);
}

function specOf(path: string, { quant, output, override, imatrix, force, threads }: QuantizeFlags): QuantizationSpec {
  const given = { outputPath: output, overrides: override, importanceMatrixPath: imatrix, isForced: force };
  return { path, quant, ...presentOf({ ...given, threadsCount: threads }) };
}

function planText({ quant, fileBytes, path, freeBytes, instance }: QuantizationPlan): string {
  const size = formatQuantity(fileBytes, "fileBytes");
  const free = formatQuantity(freeBytes, "freeBytes");
  return `${quant}: ${size} to ${path} (${free} free), ${counted(instance.threadsCount, "thread")}`;
}

async function quantize(name: string, flags: QuantizeFlags, command: Command): Promise<void> {
  const path = await modelPathOf(name);
  if (isOnnx(path)) {
    assertAbsent(command, ["override", "imatrix", "threads"], "say nothing of ONNX files. Leave them out.");
    return quantizeOnnx(path, flags);
  }
  assertAbsent(command, ["calibration"], "says nothing of GGUF files. Pass --imatrix.");
  const { quantizeModel } = await import("../../inference/index.ts");
  const status = openStatusLine();
  const model = await quantizeModel({
    ...specOf(path, flags),
    signal: interruptSignal(),
    onPlan: (plan) => {
      printNote(planText(plan));
    },
    onProgress: ({ tensorName, writtenBytes, totalBytes }) => {
      status.show(tensorName ?? "writing", writtenBytes / totalBytes);
    },
  });
  status.clear();
  if (flags.json) printJson(model);
  else printText(modelText(model));
}

/** `numalab model quantize`: a smaller file of the same model. */
export function quantizeCommand(): Command {
  return new Command("quantize")
    .description("store a model in fewer bits: GGUF with llama.cpp's own quantizer, ONNX with numalab's")
    .argument("<file>", "a GGUF file in F16, BF16 or F32, or an ONNX file in float32")
    .requiredOption("--quant <type>", "such as Q4_K_M, Q8_0, IQ4_XS; of ONNX int8, int8-static, w8, int4")
    .option("-o, --output <file>", "where to write (default: beside the original)")
    .option("--override <regex=type>", "another type for tensors of these names; may come again", addOverride)
    .option("--imatrix <file>", "an importance matrix, as llama-imatrix writes it")
    .option("--calibration <file>", "samples for int8-static: a JSON object of inputs a line")
    .option("--force", "quantize what is quantized already")
    .option("--threads <n>", "how many threads (default: one for each core)", wholeNumber(1))
    .option("--json", "print one JSON document")
    .action(quantize);
}

function rowOf({ name, originalType, type, sqnrDecibels, sampledRatio, reason }: TensorError) {
  return { tensor: name, from: originalType, to: type, sqnrDecibels, sampledRatio, note: reason ?? "" };
}

interface CompareFlags {
  readonly calibration?: string;
  readonly json?: true;
}

async function compare(names: readonly [string, string], flags: CompareFlags, command: Command): Promise<void> {
  const [original, quantized] = await Promise.all([modelPathOf(names[0]), modelPathOf(names[1])]);
  if (isOnnx(original)) return compareOnnx([original, quantized], flags);
  assertAbsent(command, ["calibration"], "says nothing of GGUF files, whose tensors are compared. Leave it out.");
  const [{ quantizationErrors, sqnrDecibelsOf }, { tableMarkdown }] = await Promise.all([
    import("../../inference/index.ts"),
    import("../../report/index.ts"),
  ]);
  const tensors = await quantizationErrors(original, quantized, { signal: interruptSignal() });
  const sqnrDecibels = sqnrDecibelsOf(tensors);
  if (flags.json) {
    printJson({ sqnrDecibels, tensors });
    return;
  }
  printText(tableMarkdown(tensors.map(rowOf)));
  const whole = sqnrDecibels === null ? "no difference" : formatQuantity(sqnrDecibels, "sqnrDecibels");
  printText(`\nall tensors that differ, as one: ${whole} of signal over quantization noise`);
}

/** `numalab model compare`: what quantization cost. */
export function compareCommand(): Command {
  const command = new Command("compare");
  return command
    .description(
      "show how far each tensor of a quantized model is from the original; of ONNX files, what each layer gives",
    )
    .argument("<original>")
    .argument("<quantized>")
    .option("--calibration <file>", "samples to run ONNX files on (default: random inputs)")
    .option("--json", "print one JSON document")
    .action((original: string, quantized: string, flags: CompareFlags) =>
      compare([original, quantized], flags, command),
    );
}
