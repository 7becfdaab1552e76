import { type Warning } from "../../errors.ts";
import {
  add,
  crossEntropy,
  divergence,
  type Expression,
  inferenceGraphOf,
  inputOf,
  logitsOf,
  type Losses,
  multiply,
  type TrainedNet,
  type Training,
  TrainingError,
  type TrainingSpec,
  trainNet,
} from "../../training/index.ts";

/** How a student listens to its teacher: loss = alpha · T² · soft loss + (1 − alpha) · hard loss. */
export interface Teaching {
  /** The weight of the soft loss (the divergence from the teacher), from 0 to 1. */
  readonly alpha: number;
  /** What the logits of both are divided by in the soft loss: above 1, the teacher's second choices show. */
  readonly temperature: number;
  /**
   * Whether the soft loss is multiplied by T², as it should: its gradient shrinks with 1/T², and alpha says something else
   * at each temperature without that.
   */
  readonly isScaled: boolean;
}

/** The soft form that did best on the seeds 1 to 3, on which it was chosen. */
export const defaultTeaching: Teaching = { alpha: 0.9, temperature: 4, isScaled: true };

/** The form that articles often print: both losses weighed, no temperature and so no T². */
export const articleTeaching: Teaching = { alpha: 0.7, temperature: 1, isScaled: false };

/** A distillation with every choice made. */
export interface DistillationSpec extends Omit<TrainingSpec, "lossesOf">, Teaching {
  readonly teacher: TrainedNet;
}

/** A student, with the losses `loss`, `softLoss` and `hardLoss` of each step. */
export interface Distillation extends Training {
  readonly warnings: readonly Warning[];
}

function refuse(name: string, found: number, needed: string): never {
  const message = `${name} is ${found}; needed ${needed}. Pass such a one.`;
  throw new TrainingError("bad-option", message, { facts: { [name]: found } });
}

function assertTeaching({ alpha, temperature }: Teaching): void {
  if (!(alpha >= 0 && alpha <= 1)) refuse("alpha", alpha, "a number from 0 to 1");
  if (!(temperature > 0 && Number.isFinite(temperature))) refuse("temperature", temperature, "a number above 0");
}

/** The alpha at which the right form weighs the gradients of both losses about as the form without T² does. */
export function effectiveAlphaOf({ alpha, temperature, isScaled }: Teaching): number {
  const soft = isScaled ? alpha : alpha / temperature ** 2;
  return soft / (soft + 1 - alpha);
}

/** What is likely to be a mistake. */
export function teachingWarningsOf(teaching: Teaching): readonly Warning[] {
  const { alpha, temperature, isScaled } = teaching;
  const warnings: Warning[] = [];
  if (temperature === 1 && alpha > 0) {
    const message = "The temperature is 1, at which a teacher that is sure says little more than the label.";
    warnings.push({ code: "no-temperature", message, advice: "Try 2 to 4." });
  }
  if (!isScaled && temperature !== 1 && alpha > 0) {
    const message = `The soft loss is not multiplied by T² = ${temperature ** 2}: alpha ${alpha} weighs about as ${effectiveAlphaOf(teaching).toFixed(2)} would.`;
    warnings.push({ code: "soft-loss-not-scaled", message, advice: "Multiply by T², or raise alpha." });
  }
  return warnings;
}

function lossesOf({ alpha, temperature, isScaled }: Teaching): (logits: Expression) => Losses {
  return (logits) => {
    const teacherLogits = inputOf("teacherLogits", logits.type, logits.dimensions);
    const softLoss = divergence(teacherLogits, logits, temperature);
    const hardLoss = crossEntropy(logits, inputOf("labels", "int64", logits.dimensions.slice(0, 1)));
    const softWeight = alpha * (isScaled ? temperature ** 2 : 1);
    return { loss: add(multiply(softLoss, softWeight), multiply(hardLoss, 1 - alpha)), softLoss, hardLoss };
  };
}

/**
 * Trains a student on labels and on what a teacher says of the same examples.
 * @throws {TrainingError} `bad-option`, and those of `trainNet`
 * @see https://arxiv.org/abs/1503.02531
 */
export async function distil({ teacher, ...spec }: DistillationSpec): Promise<Distillation> {
  assertTeaching(spec);
  const logits = await logitsOf(inferenceGraphOf(teacher.net, teacher.weights), spec.examples);
  const examples = [...spec.examples, { ...logits, name: "teacherLogits" }];
  const training = await trainNet({ ...spec, examples, lossesOf: lossesOf(spec) });
  return { ...training, warnings: teachingWarningsOf(spec) };
}
