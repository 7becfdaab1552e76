import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeOnnx } from "../../onnx/index.ts";
import { inferenceGraphOf, type Training } from "../../training/index.ts";
import type { Trial } from "./trial.ts";

/** One loss at one step of one training. */
export interface LossRow {
  readonly net: string;
  /** `loss` is what the training makes smaller; `softLoss` and `hardLoss` are what it is made of. */
  readonly loss: string;
  readonly stepNumber: number;
  readonly value: number;
}

function trainingsOf({ teacher, alone, distilled, article }: Trial): readonly Training[] {
  return [teacher, alone, distilled, ...(article === null ? [] : [article])].map(({ training }) => training);
}

/** All losses of all steps of a trial's trainings. */
export function lossRowsOf(trial: Trial): readonly LossRow[] {
  return trainingsOf(trial).flatMap(({ net, steps }) =>
    steps.flatMap(({ stepNumber, losses }) =>
      Object.entries(losses).map(([loss, value]) => ({ net: net.name, loss, stepNumber, value })),
    ),
  );
}

/** Writes the nets of a trial as ONNX files, and the losses of all steps as `losses.jsonl`; gives the folder. */
export async function writeTrial(trial: Trial, folder: string): Promise<string> {
  const trialFolder = join(folder, `seed-${trial.randomSeed}`);
  await mkdir(trialFolder, { recursive: true });
  for (const { net, weights } of trainingsOf(trial)) {
    await writeOnnx(inferenceGraphOf(net, weights), { path: join(trialFolder, `${net.name}.onnx`) });
  }
  const lines = lossRowsOf(trial).map((row) => `${JSON.stringify(row)}\n`);
  await writeFile(join(trialFolder, "losses.jsonl"), lines.join(""));
  return trialFolder;
}
