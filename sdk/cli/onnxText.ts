import type { OnnxFacts } from "../onnx/index.ts";
import { formatQuantity } from "../units/index.ts";

function valuesText(values: OnnxFacts["inputs"]): string {
  const shown = values.slice(0, 4).map(({ name, dimensions }) => `${name} [${dimensions.join(", ")}]`);
  return [...shown, ...(values.length > shown.length ? [`${values.length - shown.length} more`] : [])].join(", ");
}

function operationsText({ multiplyAddsCount, reason, sizes }: OnnxFacts["operations"]): string {
  if (multiplyAddsCount === null) return `not known: ${reason}`;
  const chosen = Object.entries(sizes).map(([name, size]) => `${name} ${size}`);
  return `${formatQuantity(multiplyAddsCount, "multiplyAddsCount")} multiply-adds with ${chosen.join(", ") || "its fixed sizes"}`;
}

/** An ONNX file in words, one fact a line. */
export function onnxText(facts: OnnxFacts & { readonly path: string }): string {
  const types = Object.entries(facts.weightsBytesByType).sort(([, left], [, right]) => right - left);
  const operators = Object.entries(facts.operatorsCounts).sort(([, left], [, right]) => right - left);
  const lines: readonly (readonly [string, string])[] = [
    ["file", facts.path],
    ["parameters", formatQuantity(facts.parametersCount, "parametersCount")],
    ["weights", types.map(([type, bytes]) => `${type} ${formatQuantity(bytes, "weightsBytes")}`).join(", ")],
    ["inputs", valuesText(facts.inputs)],
    ["outputs", valuesText(facts.outputs)],
    ["operators", operators.map(([name, count]) => `${count} ${name}`).join(", ")],
    ["one run", operationsText(facts.operations)],
    [
      "origin",
      facts.synthetic
        ? "SYNTHETIC: random numbers; speed and memory are real, results are noise"
        : "as the file has it",
    ],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return [facts.name, ...lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`)].join("\n");
}
