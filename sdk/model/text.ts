import { formatQuantity } from "../units/index.ts";
import type { ModelFile } from "./folder.ts";
import type { Model } from "./model.ts";
import type { SynthesisPlan } from "./plan.ts";

/** Lines of words in columns. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return lines.map((line) => line.trimEnd()).join("\n");
}

/** `Q4_0 265 MiB in 169 tensors, F32 312 KiB in 121 tensors`, the type with most bytes first. */
function storageOf({ tensors }: Model): string {
  const types = [...new Set(tensors.map((tensor) => tensor.type))].map((type) => {
    const stored = tensors.filter((tensor) => tensor.type === type);
    return { type, count: stored.length, bytes: stored.reduce((total, tensor) => total + tensor.bytes, 0) };
  });
  const shown = types
    .sort((left, right) => right.bytes - left.bytes)
    .map(({ type, count, bytes }) => `${type} ${formatQuantity(bytes, "bytes")} in ${count} tensors`);
  return shown.join(", ");
}

/** What a model is, in lines for people. */
export function formatModel(model: Model): string {
  const count = (value: number | null) => formatQuantity(value, "count");
  const bytes = (value: number) => formatQuantity(value, "bytes");
  return tableOf([
    ["name", model.name],
    ["file", `${model.path}, ${bytes(model.fileBytes)}`],
    ["architecture", `${model.architecture}, ${count(model.parametersCount)} parameters`],
    ["quantization", model.quant ?? "not stated"],
    ["stored as", storageOf(model)],
    ["layers", `${model.layersCount} with hidden size ${model.hiddenSize}`],
    ["heads", `${model.headsCount} of size ${model.headSize}, ${model.kvHeadsCount} for keys and values`],
    ["vocabulary", `${count(model.vocabularyCount)} tokens`],
    ["context", model.contextTokensCount === null ? "not stated" : `${count(model.contextTokensCount)} tokens`],
    ["read per token", `${bytes(model.bytesPerToken)} of weights`],
    ["cache per token", `${bytes(model.kvBytesPerToken)} of context`],
    ["weights", model.synthetic ? "random: the speed is real, the text is noise" : "as published"],
  ]);
}

/** What will be written where, in a line for people. */
export function formatSynthesisPlan({ name, quant, path, fileBytes, freeBytes }: SynthesisPlan): string {
  const free = formatQuantity(freeBytes, "freeBytes");
  return `${name}, ${quant}: ${formatQuantity(fileBytes, "fileBytes")} at ${path}, where ${free} are free`;
}

/** Model files, in lines for people. */
export function formatModelList(models: readonly ModelFile[]): string {
  if (models.length === 0) return "There are no models here yet.";
  return tableOf(models.map(({ name, fileBytes, path }) => [name, formatQuantity(fileBytes, "fileBytes"), path]));
}
