import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeOnnx } from "../onnx/index.ts";
import { inferenceGraphOf } from "../training/index.ts";
import type { Trial } from "./distillationTrial.ts";

/** Writes the nets of a trial as ONNX files, and the losses of all steps as `losses.jsonl`; gives the folder. */
export async function writeTrial(trial: Trial, folder: string): Promise<string> {
  const trialFolder = join(folder, `seed-${trial.randomSeed}`);
  await mkdir(trialFolder, { recursive: true });
  const lines: string[] = [];
  for (const { training } of [trial.teacher, trial.alone, trial.distilled]) {
    const { net, weights, steps } = training;
    await writeOnnx(inferenceGraphOf(net, weights), { path: join(trialFolder, `${net.name}.onnx`) });
    lines.push(...steps.map(({ stepNumber, losses }) => JSON.stringify({ net: net.name, stepNumber, ...losses })));
  }
  await writeFile(join(trialFolder, "losses.jsonl"), `${lines.join("\n")}\n`);
  return trialFolder;
}
