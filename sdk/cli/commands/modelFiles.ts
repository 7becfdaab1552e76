import { Command, InvalidArgumentError } from "commander";
import type { ModelTarget } from "../../model/index.ts";
import { formatQuantity } from "../../units/index.ts";
import { assertAbsent, byteQuantity, indexRanges, presentOf } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { modelText } from "../modelText.ts";
import { openStatusLine, printJson, printNote, printText } from "../output.ts";
import { isOnnx, pruneOnnx } from "./onnxCompression.ts";

interface TargetFlags {
  readonly out: string;
  readonly overwrite?: true;
}

/** Writes a model under the eyes of the user. */
async function write(flags: TargetFlags, begin: (target: ModelTarget) => Promise<unknown>): Promise<void> {
  const status = openStatusLine();
  const onProgress: ModelTarget["onProgress"] = ({ writtenBytes, totalBytes }) => {
    status.show("writing", writtenBytes / totalBytes);
  };
  await begin({ path: flags.out, ...presentOf({ overwrite: flags.overwrite }), signal: interruptSignal(), onProgress });
  status.clear();
}

const addText = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

interface EditFlags extends TargetFlags {
  readonly set?: readonly string[];
  readonly remove?: readonly string[];
  readonly architecture?: string;
}

/** `numalab model edit`: other metadata for a model. */
export function editCommand(): Command {
  return new Command("edit")
    .description("write a copy of a model with other metadata")
    .argument("<file>")
    .option("--set <key=type:value>", "such as general.name=string:mine or sizes=uint32[]:1,2; may come again", addText)
    .option("--remove <key>", "a key to leave out; may come again", addText)
    .option("--architecture <name>", "another architecture, in all keys")
    .requiredOption("-o, --out <file>", "where to write")
    .option("--overwrite", "replace a file that is there, once the new one is whole")
    .action(async (file: string, { set = [], remove, architecture, ...target }: EditFlags) => {
      const { editModel, parseEntry } = await import("../../model/index.ts");
      const edit = { set: set.map(parseEntry), ...presentOf({ remove, architecture }) };
      await write(target, (to) => editModel(file, edit, to));
      printNote(`wrote ${target.out}`);
    });
}

/** `numalab model split`: a model in several files. */
export function splitCommand(): Command {
  return new Command("split")
    .description("write a model as several files, as llama.cpp loads them")
    .argument("<file>")
    .requiredOption("--shard-size <size>", "most tensor bytes in one file, such as 2GiB", byteQuantity)
    .requiredOption("-o, --out <file>", "name.gguf gives name-00001-of-00003.gguf and so on")
    .action(async (file: string, { shardSize, out }: { readonly shardSize: number; readonly out: string }) => {
      const { splitModel } = await import("../../model/index.ts");
      await write({ out }, async (target) => {
        const paths = await splitModel(file, { ...target, shardBytes: shardSize });
        printText(paths.join("\n"));
      });
    });
}

/** `numalab model merge`: a split model as one file. */
export function mergeCommand(): Command {
  return new Command("merge")
    .description("write the files of a split model as one")
    .argument("<file>", "the first of them")
    .requiredOption("-o, --out <file>", "where to write")
    .option("--overwrite", "replace a file that is there, once the new one is whole")
    .action(async (file: string, flags: TargetFlags) => {
      const { mergeModel, readModel } = await import("../../model/index.ts");
      await write(flags, (target) => mergeModel(file, target));
      printNote(`wrote ${flags.out}, ${formatQuantity((await readModel(flags.out)).fileBytes, "fileBytes")}`);
    });
}

/** `0.75` is a share of all; `256,192` a number for each layer. */
function shareOrCounts(text: string): number | readonly number[] {
  const numbers = text.split(",").map(Number);
  if (text.trim() === "" || !numbers.every(Number.isFinite)) {
    throw new InvalidArgumentError(`"${text}" is neither a share like 0.75 nor a number for each layer like 256,192.`);
  }
  return numbers.length === 1 && Number(text) <= 1 ? Number(text) : numbers;
}

interface PruneFlags extends TargetFlags {
  readonly layers?: readonly number[];
  readonly ffn?: number | readonly number[];
  readonly heads?: number | readonly number[];
  readonly imatrix?: string;
  readonly calibration?: string;
  readonly json?: true;
}

async function prune(file: string, allFlags: PruneFlags, command: Command): Promise<void> {
  if (isOnnx(file)) {
    assertAbsent(command, ["layers", "imatrix"], "say nothing of ONNX files. Pass --heads, --ffn, --calibration.");
    return pruneOnnx(file, { ...allFlags, output: allFlags.out });
  }
  assertAbsent(command, ["calibration"], "says nothing of GGUF files. Pass --imatrix.");
  const { layers, ffn, heads, imatrix, json, ...flags } = allFlags;
  const [{ pruneModel }, { readImportanceMatrix, readModel }] = await Promise.all([
    import("../../compression/index.ts"),
    import("../../model/index.ts"),
  ]);
  const importance = imatrix === undefined ? undefined : (await readImportanceMatrix(imatrix)).weights;
  const spec = presentOf({ layers, feedForward: ffn, kvHeads: heads, importance });
  await write(flags, (target) => pruneModel(file, { ...spec, ...target }));
  const model = await readModel(flags.out);
  if (json) printJson(model);
  else printText(modelText(model));
}

/** `numalab model prune`: a model with fewer layers, neurons or heads. */
export function pruneCommand(): Command {
  return new Command("prune")
    .description("write a smaller copy of a model, without the layers, neurons or heads of least weight")
    .argument("<file>", "GGUF, best in F16, or ONNX; quantize the result")
    .option("--layers <list>", "the layers to keep, such as 0-11,14", indexRanges)
    .option("--ffn <share>", "share of feed-forward neurons to keep, or how many in each layer: 512,384", shareOrCounts)
    .option("--heads <share>", "share of key and value heads to keep with their queries, or how many", shareOrCounts)
    .option("--imatrix <file>", "what matters on data, as llama-imatrix writes it (GGUF)")
    .option("--calibration <file>", "samples to score heads and neurons on, a JSON object of inputs a line (ONNX)")
    .requiredOption("-o, --out <file>", "where to write")
    .option("--overwrite", "replace a file that is there, once the new one is whole")
    .option("--json", "print one JSON document")
    .action(prune);
}
