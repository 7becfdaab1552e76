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
  trial = await runTrial({ ...defaultTeaching, randomSeed: 1, sizes, comparesForms: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it("a student begins alone and with a teacher at the same place, and both losses of the teaching fall", () => {
  const { alone, distilled } = trial;
  const first = distilled.training.steps[0]!.losses;
  expect(first["hardLoss"]).toBeCloseTo(alone.training.steps[0]!.losses["loss"]!, 5);
  expect(first["loss"]).toBeCloseTo(0.9 * 16 * first["softLoss"]! + 0.1 * first["hardLoss"]!, 4);
  const lastMean = (name: string) => {
    const last = distilled.training.steps.slice(-10).map(({ losses }) => losses[name] ?? NaN);
    return last.reduce((sum, value) => sum + value, 0) / last.length;
  };
  for (const name of ["loss", "softLoss", "hardLoss"]) expect(lastMean(name), name).toBeLessThan(first[name]!);
});

it("the form of articles weighs both losses at no temperature, from the same first weights", () => {
  const first = trial.article!.training.steps[0]!.losses;
  expect(first["hardLoss"]).toBeCloseTo(trial.alone.training.steps[0]!.losses["loss"]!, 5);
  expect(first["loss"]).toBeCloseTo(0.7 * first["softLoss"]! + 0.3 * first["hardLoss"]!, 5);
});

it("the distilled student is pruned, then quantized, with what each costs", () => {
  const [whole, pruned, both] = trial.smallerForms;
  expect(whole!.loss).toBeCloseTo(1 - trial.distilled.accuracyRatio);
  expect(pruned!.parametersCount).toBeLessThan(0.6 * whole!.parametersCount);
  expect(pruned!.operations.multiplyAddsCount).toBeLessThan(0.6 * whole!.operations.multiplyAddsCount!);
  expect(both!.operations.multiplyAddsCount).toBe(pruned!.operations.multiplyAddsCount);
  expect(both!.latencyRatio!.count).toBe(11);
});

it("students cannot have more examples than their teacher", async () => {
  const refused = runTrial({ ...defaultTeaching, randomSeed: 1, sizes: { ...sizes, studentExamplesCount: 513 } });
  await expect(refused).rejects.toThrow(/^The students have 513 examples; needed at most the teacher's 512\./);
});

it("the nets of a trial are files, with all losses beside them", async () => {
  const written = await writeTrial(trial, folder);
  expect(readdirSync(written).toSorted()).toEqual([
    "losses.jsonl",
    "student-alone.onnx",
    "student-article-form.onnx",
    "student-distilled.onnx",
    "teacher.onnx",
  ]);
  const lines = readFileSync(join(written, "losses.jsonl"), "utf8").trimEnd().split("\n");
  expect(lines).toHaveLength((1 + 1 + 3 + 3) * 60);
  expect(JSON.parse(lines[60]!)).toMatchObject({ net: "student-alone", loss: "loss", stepNumber: 1 });
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
