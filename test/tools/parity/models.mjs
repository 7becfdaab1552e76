// The models that both sides are measured on: true shapes with random weights.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { quantizeModel } from "numalab/inference";
import { synthesizeModel } from "numalab/model";

/** The presets by the names that the command line has for them. */
export const shapes = { "0.5b": "qwen2.5-0.5b", "1.1b": "tinyllama-1.1b" };

/** The path of the model of a shape and a mix; a mix that cannot be synthesized is made from F16 by the quantizer. */
export async function provideModel(folder, { shape, quant }) {
  const preset = shapes[shape];
  const path = join(folder, `${preset}-${quant.toLowerCase()}-synthetic.gguf`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  console.error(`making ${path}`);
  if (["F16", "Q4_0", "Q8_0"].includes(quant)) await synthesizeModel({ preset, quant, randomSeed: 1, path });
  else await quantizeModel({ path: await provideModel(folder, { shape, quant: "F16" }), quant, outputPath: path });
  return path;
}
