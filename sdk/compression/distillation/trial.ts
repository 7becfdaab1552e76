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
  TrainingError,
  trainNet,
  transformerOf,
} from "../../training/index.ts";
import type { LadderRow } from "../onnx/rungs.ts";
import { articleTeaching, type Distillation, distil, type Teaching } from "./distillation.ts";
import { smallerForms } from "./smallerForms.ts";

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
  studentExamplesCount: 3_000,
  heldOutCount: 2_000,
  teacherStepsCount: 2_500,
  studentStepsCount: 2_000,
};

/** A distillation beside the same net trained alone. */
export interface TrialSpec extends Teaching {
  /** Of the task, of all first weights, and of the order of the examples. */
  readonly randomSeed: number;
  readonly sizes: TrialSizes;
  /** Whether a third student is trained, by `articleTeaching`. Default false. */
  readonly comparesForms?: boolean;
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
  /** Distilled in the form of articles; null where that was not asked for. */
  readonly article: Graded<Distillation> | null;
  /** The distilled student, pruned, and pruned with INT8 weights; the loss is the share of held-out examples classified wrong. */
  readonly smallerForms: readonly LadderRow[];
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

function assertSizes({ teacherExamplesCount, studentExamplesCount }: TrialSizes): void {
  if (studentExamplesCount <= teacherExamplesCount) return;
  const message = `The students have ${studentExamplesCount} examples; needed at most the teacher's ${teacherExamplesCount}. Give the teacher as many.`;
  throw new TrainingError("bad-option", message, { facts: { teacherExamplesCount, studentExamplesCount } });
}

/** The teacher and its students, none of them graded yet. */
async function trainNets(spec: TrialSpec, task: Task) {
  const { sizes, alpha, temperature, isScaled, comparesForms = false } = spec;
  const forTeacher = trainingOf(netOf("teacher", 2, task), sizes.teacherStepsCount, spec);
  const teacher = await trainNet({ ...forTeacher, examples: task.training, lossesOf: labelLosses });
  const examples = examplesBetween(task.training, 0, sizes.studentExamplesCount);
  const forStudent = (name: string) => {
    return { ...trainingOf(netOf(name, 1, task), sizes.studentStepsCount, spec), examples };
  };
  const alone = await trainNet({ ...forStudent("student-alone"), lossesOf: labelLosses });
  const distilled = await distil({ ...forStudent("student-distilled"), teacher, alpha, temperature, isScaled });
  const article = comparesForms
    ? await distil({ ...forStudent("student-article-form"), teacher, ...articleTeaching })
    : null;
  return { teacher, alone, distilled, article };
}

/**
 * Trains a teacher of two layers on all examples, then a student of one layer twice on a part of them: on labels only, and on labels and
 * teacher. Both students begin with the same weights and see the same examples in the same order. The distilled one is then made smaller.
 * @throws {TrainingError} as `trainNet` and `distil`
 */
export async function runTrial(spec: TrialSpec): Promise<Trial> {
  const { randomSeed, sizes, signal } = spec;
  assertSizes(sizes);
  const task = pairTaskOf({
    randomSeed,
    trainingCount: sizes.teacherExamplesCount,
    heldOutCount: sizes.heldOutCount,
  });
  const { teacher, alone, distilled, article } = await trainNets(spec, task);
  return {
    randomSeed,
    task,
    chanceRatio: chanceRatioOf(task.heldOut),
    teacher: await graded(teacher, task),
    alone: await graded(alone, task),
    distilled: await graded(distilled, task),
    article: article === null ? null : await graded(article, task),
    smallerForms: await smallerForms(distilled, task, signal),
  };
}
