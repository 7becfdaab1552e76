import type {
  CompressedFile,
  Kept,
  PrunedUnits,
  QuantizationForm,
  QuantizedLayer,
  ValueError,
} from "../../compression/index.ts";
import { formatQuantity } from "../../units/index.ts";
import { presentOf } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { printJson, printText } from "../output.ts";

/** Whether a file holds an ONNX graph, by its name. */
export const isOnnx = (path: string): boolean => path.endsWith(".onnx");

/** What the flags of both commands say of ONNX files. */
interface OnnxFlags {
  readonly output?: string;
  readonly calibration?: string;
  readonly json?: true;
}

function fileText({ path, fileBytes, originalBytes }: CompressedFile): string {
  const [size, before] = [formatQuantity(fileBytes, "fileBytes"), formatQuantity(originalBytes, "fileBytes")];
  return `${path}: ${size} of ${before} (${formatQuantity(fileBytes / originalBytes, "fileBytesRatio")})`;
}

const layerRow = ({ name, operator, weightError: { count, sqnrDecibels, reason } }: QuantizedLayer) => {
  return { layer: name, operator, weightsCount: count, sqnrDecibels, note: reason ?? "" };
};

const unitsRow = ({ name, kind, unitsCount, keptUnits }: PrunedUnits) => {
  return { layer: name, units: kind, before: unitsCount, after: keptUnits.length };
};

async function printFile(
  file: CompressedFile,
  rows: readonly Readonly<Record<string, string | number | null>>[],
  { json }: OnnxFlags,
): Promise<void> {
  if (json) {
    printJson(file);
    return;
  }
  const { tableMarkdown } = await import("../../report/index.ts");
  printText(`${tableMarkdown(rows)}\n\n${fileText(file)}`);
}

/** Quantizes an ONNX file and shows what each layer lost. */
export async function quantizeOnnx(
  path: string,
  flags: OnnxFlags & { readonly quant: string; readonly force?: true },
): Promise<void> {
  const { parseForm, quantizeFile } = await import("../../compression/index.ts");
  const { output, calibration, quant, force } = flags;
  const given = presentOf({ outputPath: output, samplesPath: calibration, isForced: force });
  const form: QuantizationForm = parseForm(quant);
  const file = await quantizeFile({ path, form, ...given, signal: interruptSignal() });
  await printFile(file, file.layers.map(layerRow), flags);
}

/** Prunes an ONNX file and shows what each layer kept. */
export async function pruneOnnx(
  path: string,
  flags: OnnxFlags & { readonly heads?: Kept; readonly ffn?: Kept; readonly overwrite?: true },
): Promise<void> {
  const { pruneFile } = await import("../../compression/index.ts");
  const { output, calibration, heads, ffn, overwrite } = flags;
  const given = presentOf({ outputPath: output, samplesPath: calibration, heads, neurons: ffn, overwrite });
  const file = await pruneFile({ path, ...given, signal: interruptSignal() });
  await printFile(file, file.units.map(unitsRow), flags);
}

const errorRow = ({ value, count, sqnrDecibels, cosine, reason }: ValueError) => {
  return { value, numbersCount: count, sqnrDecibels, cosine, note: reason ?? "" };
};

/** Shows how far apart two ONNX files are. */
export async function compareOnnx(
  [originalPath, otherPath]: readonly [string, string],
  { calibration, json }: OnnxFlags,
): Promise<void> {
  const { compareFiles } = await import("../../compression/index.ts");
  const given = presentOf({ samplesPath: calibration });
  const comparison = await compareFiles({ originalPath, otherPath, ...given, signal: interruptSignal() });
  if (json) {
    printJson(comparison);
    return;
  }
  const { tableMarkdown } = await import("../../report/index.ts");
  const inputs = comparison.isRandom
    ? "random inputs: how far apart the files are, not how good either is"
    : calibration;
  printText(`${tableMarkdown([...comparison.layers, ...comparison.outputs].map(errorRow))}\n\non ${inputs}`);
}
