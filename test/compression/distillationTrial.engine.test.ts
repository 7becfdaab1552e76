import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultTeaching, distil, runTrial, type Trial, writeTrial } from "numalab/compression";
import { TrainingError } from "numalab/training";
import { afterAll, beforeAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "numalab-distillation-"));
const sizes = {
  teacherExamplesCount: 512,
  studentExamplesCount: 128,
  heldOutCount: 100,
  teacherStepsCount: 60,
  studentStepsCount: 60,
};
let trial: Trial;

beforeAll(async () => {
  trial = await runTrial({ ...defaultTeaching, randomSeed: 1, sizes });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("a student begins alone and with a teacher at the same place, and both losses of the teaching fall", () => {
  const { alone, distilled } = trial;
  const first = distilled.training.steps[0]!.losses;
  expect(first["hardLoss"]).toBeCloseTo(alone.training.steps[0]!.losses["loss"]!, 5);
  expect(first["loss"]).toBeCloseTo(0.7 * 4 * first["softLoss"]! + 0.3 * first["hardLoss"]!, 5);
  const lastMean = (name: string) => {
    const last = distilled.training.steps.slice(-10).map(({ losses }) => losses[name] ?? NaN);
    return last.reduce((sum, value) => sum + value, 0) / last.length;
  };
  for (const name of ["loss", "softLoss", "hardLoss"]) expect(lastMean(name), name).toBeLessThan(first[name]!);
});

it("the nets of a trial are files, with all losses beside them", async () => {
  const written = await writeTrial(trial, folder);
  expect(readdirSync(written).toSorted()).toEqual([
    "losses.jsonl",
    "student-alone.onnx",
    "student-distilled.onnx",
    "teacher.onnx",
  ]);
  expect(readFileSync(join(written, "losses.jsonl"), "utf8").trimEnd().split("\n")).toHaveLength(180);
});

it.each([
  ["alpha", { alpha: 1.2 }],
  ["temperature", { temperature: 0 }],
])("a wrong %s is refused", async (name, wrong) => {
  const spec = { ...defaultTeaching, ...wrong, teacher: trial.teacher.training, net: trial.alone.training.net };
  const choices = { stepsCount: 1, batchSize: 1, randomSeed: 1, learningRate: 1, warmupStepsCount: 0 };
  const refused = distil({ ...spec, ...choices, examples: trial.task.heldOut });
  await expect(refused).rejects.toThrow(TrainingError);
  await expect(refused).rejects.toThrow(new RegExp(`^${name} is `));
});
