import { expect, it } from "vitest";
import { labelLosses, pairTaskOf, TrainingError, trainNet, type TrainingSpec, transformerOf } from "numalab/training";

const task = pairTaskOf({ randomSeed: 1, trainingCount: 64, heldOutCount: 1, sequenceLength: 6 });
const sizes = { vocabularySize: 8, sequenceLength: 6, classesCount: 4, layersCount: 1, hiddenSize: 8 };
const stepsCount = 300;
const spec: TrainingSpec = {
  net: transformerOf("small", { ...sizes, headsCount: 2, feedForwardSize: 16 }),
  examples: task.training,
  batchSize: 16,
  randomSeed: 1,
  learningRate: 0.01,
  stepsCount,
  warmupStepsCount: 5,
  lossesOf: labelLosses,
};
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "none",
    (error: unknown) => (error instanceof TrainingError ? `${error.code}: ${error.message}` : String(error)),
  );

it("a net learns its examples, the same way from the same seed", async () => {
  const { steps, weights } = await trainNet(spec);
  expect(steps).toHaveLength(stepsCount);
  const lossOf = (some: typeof steps) => some.reduce((sum, { losses }) => sum + losses["loss"]!, 0) / some.length;
  expect(lossOf(steps.slice(-10))).toBeLessThan(0.5 * lossOf(steps.slice(0, 10)));
  const again = await trainNet(spec);
  expect(again.weights).toEqual(weights);
  expect((await trainNet({ ...spec, randomSeed: 2, stepsCount: 2 })).steps[0]).not.toEqual(steps[0]);
});

it("a loss that is no number ends the training, with the step", async () => {
  const found = await codeOf(trainNet({ ...spec, learningRate: 1e30, warmupStepsCount: 0 }));
  expect(found).toMatch(/^not-finite: loss is (NaN|Infinity) at step \d+; .* Lower the learning rate/);
});

it("a training that is stopped says how far it came", async () => {
  const stop = new AbortController();
  const options = { signal: stop.signal, onStep: () => { stop.abort(); } }; // prettier-ignore
  expect(await codeOf(trainNet({ ...spec, ...options }))).toMatch(/^aborted: .* after 25 of 300 steps/);
});

it.each([
  ["stepsCount", { stepsCount: 0 }],
  ["batchSize", { batchSize: 1.5 }],
  ["examplesCount", { batchSize: 65 }],
  ["learningRate", { learningRate: NaN }],
])("a wrong %s is refused before anything starts", async (name, wrong) => {
  expect(await codeOf(trainNet({ ...spec, ...wrong }))).toMatch(new RegExp(`^bad-option: ${name} is `));
});
