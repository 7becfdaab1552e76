import type { Model } from "../model/index.ts";
import { formatQuantity } from "../units/index.ts";

function typesText({ tensors }: Model): string {
  const bytesByType = new Map<string, number>();
  for (const { type, bytes } of tensors) bytesByType.set(type, (bytesByType.get(type) ?? 0) + bytes);
  const total = [...bytesByType.values()].reduce((sum, bytes) => sum + bytes, 0);
  return [...bytesByType.entries()]
    .sort(([, a], [, b]) => b - a)
    .map(([type, bytes]) => `${type} ${formatQuantity(bytes / total, "bytesRatio")}`)
    .join(", ");
}

/** A model file in words, one fact a line. */
export function modelText(model: Model): string {
  const lines: readonly (readonly [string, string])[] = [
    ["file", model.path],
    ["size", formatQuantity(model.fileBytes, "fileBytes")],
    ["architecture", `${model.architecture}, ${model.layersCount} layers, hidden size ${model.hiddenSize}`],
    ["heads", `${model.headsCount} (${model.kvHeadsCount} for keys and values) of ${model.headSize}`],
    ["parameters", formatQuantity(model.parametersCount, "parametersCount")],
    ["vocabulary", formatQuantity(model.vocabularyCount, "vocabularyCount")],
    [
      "context",
      model.contextTokensCount === null ? "not stated" : formatQuantity(model.contextTokensCount, "tokensCount"),
    ],
    ["quantization", `${model.quant ?? "not stated"}; by bytes: ${typesText(model)}`],
    ["read per decoded token", formatQuantity(model.bytesPerToken, "weightsBytes")],
    ["added per token of context", `${formatQuantity(model.kvBytesPerToken, "kvBytes")} (F16)`],
    [
      "weights",
      model.synthetic ? "SYNTHETIC: random numbers; speed and memory are real, text is noise" : "as the file has them",
    ],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return [model.name, ...lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)].join("\n");
}
