import { join } from "node:path";
import { presentOf } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { onnxText } from "../onnxText.ts";
import { printJson, printNote, printText } from "../output.ts";
import { placesOf } from "../places.ts";

interface OnnxFlags {
  readonly depth?: number;
  readonly seed: number;
  readonly out?: string;
  readonly data?: string;
  readonly json?: true;
}

/** Prints what an ONNX file holds and computes. */
export async function printOnnx(path: string, json: true | undefined): Promise<void> {
  const { inspectOnnx } = await import("../../onnx/index.ts");
  const facts = await inspectOnnx(path);
  if (json) printJson(facts);
  else printText(onnxText(facts));
}

/** Writes a preset as ONNX, and prints what it is. */
export async function synthesizeOnnx(preset: string, { depth, seed, out, data, json }: OnnxFlags): Promise<void> {
  const { buildPreset, writeOnnx } = await import("../../onnx/index.ts");
  const graph = await buildPreset({ preset, randomSeed: seed, ...presentOf({ depth }) });
  const stem = [preset.toLowerCase(), ...(depth === undefined ? [] : [`${depth}layers`]), "f32-synthetic"].join("-");
  const path = out ?? join(placesOf(data).models, `${stem}.onnx`);
  printNote(`writing ${path}`);
  await writeOnnx(graph, { path, signal: interruptSignal() });
  await printOnnx(path, json);
}
