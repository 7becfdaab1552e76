import { planNativeInstance, planSession, startSession, type Loop } from "../inference/index.ts";
import { encodeOnnx, float32Of, tensorOf, type OnnxGraph, type Tensor } from "../onnx/index.ts";
import { TrainingError } from "./errors.ts";
import { batchesOf, type Examples, examplesCountOf } from "./examples.ts";
import { initialWeights, type Net } from "./net.ts";
import { learningRateAt, type Schedule } from "./schedule.ts";
import { carriedInputs, type Losses, stepGraphOf } from "./step.ts";
import type { Expression } from "./expression.ts";

/** A net with its weights. */
export interface TrainedNet {
  readonly net: Net;
  /** All weights in one vector, in the order of `weightPlacesOf`. */
  readonly weights: Float32Array;
}

/** What a step said: the losses by name, before its change of the weights. */
export interface TrainingStep {
  /** From 1. */
  readonly stepNumber: number;
  readonly losses: Readonly<Record<string, number>>;
}

/** A training with every choice made. */
export interface TrainingSpec extends Schedule {
  readonly net: Net;
  /** What the losses read, by name; always `tokens`. */
  readonly examples: Examples;
  readonly batchSize: number;
  /** Of the first weights and of the order of the examples. */
  readonly randomSeed: number;
  readonly lossesOf: (logits: Expression) => Losses;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: TrainingStep) => void;
}

/** A trained net, and how it got there. */
export interface Training extends TrainedNet {
  readonly steps: readonly TrainingStep[];
}

/** Steps that the worker does in one request. */
const stepsAtOnce = 25;

const scalar = (name: string, value: number): Tensor => tensorOf(name, Float32Array.of(value), []);

/** The names of what a step graph gives beside what it carries. */
function lossNamesOf({ outputs }: OnnxGraph): readonly string[] {
  return outputs.map(({ name }) => name).filter((name) => !(name in carriedInputs));
}

/** The carried inputs of the first step. */
function initialState({ net, randomSeed }: TrainingSpec): readonly Tensor[] {
  const weights = initialWeights(net, randomSeed);
  const zeros = new Float32Array(weights.length);
  return [tensorOf("weights", weights), tensorOf("firstMoment", zeros), tensorOf("secondMoment", zeros)];
}

function assertFinite({ stepNumber, losses }: TrainingStep, { learningRate }: Schedule): void {
  for (const [name, value] of Object.entries(losses)) {
    if (Number.isFinite(value)) continue;
    const message = `${name} is ${value} at step ${stepNumber}; needed a finite number. Lower the learning rate, which is ${learningRate}, or look for such values in the data.`;
    throw new TrainingError("not-finite", message, { facts: { stepNumber, name, learningRate } });
  }
}

function assertAtLeast(minimum: number, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (Number.isInteger(value) && value >= minimum) continue;
    const message = `${name} is ${value}; needed a whole number of at least ${minimum}. Pass such a one.`;
    throw new TrainingError("bad-option", message, { facts: { [name]: value } });
  }
}

function assertSpec({ stepsCount, batchSize, warmupStepsCount, examples, learningRate }: TrainingSpec): void {
  assertAtLeast(1, { stepsCount, batchSize });
  assertAtLeast(0, { warmupStepsCount });
  assertAtLeast(batchSize, { examplesCount: examplesCountOf(examples) });
  if (learningRate > 0 && Number.isFinite(learningRate)) return;
  const message = `learningRate is ${learningRate}; needed a number above 0, such as 0.003. Pass such a one.`;
  throw new TrainingError("bad-option", message, { facts: { learningRate } });
}

/** What is fed to the steps from `firstNumber` on, besides what is carried. */
function feedsOf(spec: TrainingSpec, batches: Generator<Examples, never>, firstNumber: number): Examples[] {
  const count = Math.min(stepsAtOnce, spec.stepsCount - firstNumber + 1);
  return Array.from({ length: count }, (_, index) => {
    const stepNumber = firstNumber + index;
    const rate = scalar("learningRate", learningRateAt(stepNumber, spec));
    return [...batches.next().value, rate, scalar("stepNumber", stepNumber)];
  });
}

/** Runs all steps and gives what each of them said. */
async function runSteps(spec: TrainingSpec, loop: Loop, lossNames: readonly string[]): Promise<TrainingStep[]> {
  const batches = batchesOf(spec.examples, spec.batchSize, spec.randomSeed);
  const steps: TrainingStep[] = [];
  while (steps.length < spec.stepsCount) {
    assertNotAborted(spec, steps.length);
    for (const outputs of await loop.run(feedsOf(spec, batches, steps.length + 1))) {
      const values = outputs.map((output, index) => [lossNames[index] ?? "", float32Of(output)[0] ?? NaN]);
      const step = { stepNumber: steps.length + 1, losses: Object.fromEntries(values) as Record<string, number> };
      assertFinite(step, spec);
      steps.push(step);
      spec.onStep?.(step);
    }
  }
  return steps;
}

function assertNotAborted({ signal, stepsCount, net }: TrainingSpec, doneCount: number): void {
  if (signal?.aborted !== true) return;
  const message = `The training of ${net.name} was stopped after ${doneCount} of ${stepsCount} steps. Train again to have it whole.`;
  throw new TrainingError("aborted", message, { facts: { doneCount, stepsCount }, cause: signal.reason });
}

/**
 * Trains a net on one thread, in a process of its own, so that its sums have one order: the same on every machine of a kind.
 * @throws {TrainingError} `bad-option`, `not-finite` with the step, `aborted`, `no-gradient`
 * @throws {EngineError} `engine-missing`, `invalid-request` when the examples lack what the losses read
 */
export async function trainNet(spec: TrainingSpec): Promise<Training> {
  assertSpec(spec);
  const graph = stepGraphOf(spec);
  const plan = planSession({ model: encodeOnnx(graph), threadsCount: 1 }, await planNativeInstance(1));
  await using session = await startSession(plan);
  const outputs = lossNamesOf(graph);
  const loop = await session.loop({ carry: carriedInputs, initial: initialState(spec), outputs });
  const steps = await runSteps(spec, loop, outputs);
  const [weights] = await loop.carried();
  return { net: spec.net, weights: weights === undefined ? new Float32Array() : float32Of(weights), steps };
}
