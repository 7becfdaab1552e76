import {
  accuracyRatioOf,
  chanceRatioOf,
  examplesBetween,
  inferenceGraphOf,
  labelLosses,
  logitsOf,
  type Net,
  pairTaskOf,
  type Task,
  type Training,
  type TrainingStep,
  trainNet,
  transformerOf,
} from "../training/index.ts";
import { type Distillation, distil, type Teaching } from "./distillation.ts";

/** How much is learned. */
export interface TrialSizes {
  /** Examples with labels that the teacher learns from; the students have the first of them. */
  readonly teacherExamplesCount: number;
  readonly studentExamplesCount: number;
  readonly heldOutCount: number;
  readonly teacherStepsCount: number;
  readonly studentStepsCount: number;
}

/** Sizes at which the teacher is clearly better than the students, and one trial takes less than a minute. */
export const defaultTrialSizes: TrialSizes = {
  teacherExamplesCount: 16_000,
  studentExamplesCount: 1_500,
  heldOutCount: 2_000,
  teacherStepsCount: 2_500,
  studentStepsCount: 1_500,
};

/** A distillation beside the same net trained alone. */
export interface TrialSpec extends Teaching {
  /** Of the task, of all first weights, and of the order of the examples. */
  readonly randomSeed: number;
  readonly sizes: TrialSizes;
  readonly signal?: AbortSignal;
  /** Called with what is trained now, and how much of that is done. */
  readonly onProgress?: (name: string, doneRatio: number) => void;
}

/** A net with the share of held-out examples that it classifies right. */
export interface Graded<Kind extends Training> {
  readonly training: Kind;
  readonly accuracyRatio: number;
}

/** What a trial found. */
export interface Trial {
  readonly randomSeed: number;
  readonly task: Task;
  /** What always naming the most frequent class would reach. */
  readonly chanceRatio: number;
  readonly teacher: Graded<Training>;
  /** The student trained on labels only. */
  readonly alone: Graded<Training>;
  readonly distilled: Graded<Distillation>;
}

const [batchSize, learningRate, warmupStepsCount] = [32, 0.003, 100];

function netOf(name: string, layersCount: number, { vocabularySize, sequenceLength, classesCount }: Task): Net {
  const sizes = { hiddenSize: 32, headsCount: 2, feedForwardSize: 128 };
  return transformerOf(name, { vocabularySize, sequenceLength, classesCount, layersCount, ...sizes });
}

async function graded<Kind extends Training>(training: Kind, { heldOut }: Task): Promise<Graded<Kind>> {
  const logits = await logitsOf(inferenceGraphOf(training.net, training.weights), heldOut);
  return { training, accuracyRatio: accuracyRatioOf(logits, heldOut) };
}

/** What all trainings of a trial have in common. */
function trainingOf(net: Net, stepsCount: number, { randomSeed, signal, onProgress }: TrialSpec) {
  return {
    net,
    stepsCount,
    randomSeed,
    batchSize,
    learningRate,
    warmupStepsCount: Math.min(warmupStepsCount, stepsCount),
    onStep: ({ stepNumber }: TrainingStep) => onProgress?.(net.name, stepNumber / stepsCount),
    ...(signal === undefined ? {} : { signal }),
  };
}

/**
 * Trains a teacher of two layers on all examples, then a student of one layer twice on a part of them: on labels only, and on labels and
 * teacher. Both students begin with the same weights and see the same examples in the same order.
 * @throws {TrainingError} as `trainNet` and `distil`
 */
export async function runTrial(spec: TrialSpec): Promise<Trial> {
  const { randomSeed, sizes, alpha, temperature, isScaled } = spec;
  const { teacherExamplesCount: trainingCount, heldOutCount } = sizes;
  const task = pairTaskOf({ randomSeed, trainingCount, heldOutCount });
  const forTeacher = trainingOf(netOf("teacher", 2, task), sizes.teacherStepsCount, spec);
  const teacher = await trainNet({ ...forTeacher, examples: task.training, lossesOf: labelLosses });
  const examples = examplesBetween(task.training, 0, sizes.studentExamplesCount);
  const forAlone = trainingOf(netOf("student-alone", 1, task), sizes.studentStepsCount, spec);
  const alone = await trainNet({ ...forAlone, examples, lossesOf: labelLosses });
  const forDistilled = trainingOf(netOf("student-distilled", 1, task), sizes.studentStepsCount, spec);
  const distilled = await distil({ ...forDistilled, examples, teacher, alpha, temperature, isScaled });
  return {
    randomSeed,
    task,
    chanceRatio: chanceRatioOf(task.heldOut),
    teacher: await graded(teacher, task),
    alone: await graded(alone, task),
    distilled: await graded(distilled, task),
  };
}
