import {
  distillationGainOf,
  lossRowsOf,
  type Teaching,
  type Trial,
  trialRowOf,
  type TrialSizes,
} from "../compression/index.ts";
import { lossCurve } from "../plot/index.ts";
import type { Report } from "../report/index.ts";
import type { Summary } from "../stats/index.ts";
import { counted, formatInterval, formatQuantity } from "../units/index.ts";

/** What trials of a distillation have in common. */
export interface DistillationSetting extends Teaching {
  readonly sizes: TrialSizes;
}

const grouped = (count: number): string => count.toLocaleString("en");

function dataText({ teacherExamplesCount, studentExamplesCount }: TrialSizes): string {
  if (teacherExamplesCount === studentExamplesCount) {
    return `Teacher (two layers) and students (one layer) learn from the same ${grouped(studentExamplesCount)} labelled examples, so that the teacher knows nothing that the students were not shown.`;
  }
  return `The teacher (two layers) learns from ${grouped(teacherExamplesCount)} labelled examples, the students (one layer) from the first ${grouped(studentExamplesCount)} of them: few labels, and a teacher that had more. What it gives can come from its other examples as well as from its size; \`--teacher-examples ${studentExamplesCount}\` takes these from it.`;
}

/** What is trained, on what, and what is compared, for a reader who knows none of it. */
export function distillationTextOf({ sizes, alpha, temperature, isScaled }: DistillationSetting): string {
  const scaled = isScaled ? "times T²" : "not multiplied by T²";
  return [
    `The task: tell which of 4 kinds is the most frequent among the pairs of neighbours in a sequence of 12 tokens. Which pair is of which kind is a random table that nobody is told; a guess is right about once in four.`,
    dataText(sizes),
    `One student is trained alone, on the labels. The other, with the same first weights and the same examples in the same order, is distilled: its loss is ${alpha} × its distance from what the teacher says (softened by T = ${temperature}, ${scaled}) + ${Number((1 - alpha).toFixed(6))} × that of the labels. All are graded on ${grouped(sizes.heldOutCount)} examples that none of them saw.`,
  ].join("\n\n");
}

const points = (ratio: number): string => `${ratio < 0 ? "−" : "+"}${Math.abs(ratio * 100).toFixed(1)}`;

function verdictOf({ low, high }: Summary): string {
  if (low === null || high === null) return "Train with more seeds for an interval.";
  if (low > 0) return "The teacher helped.";
  return high < 0 ? "The teacher did harm." : "Whether the teacher helped cannot be told.";
}

function gainText(name: string, gain: Summary): string {
  const { count, estimate, low, high, reason } = gain;
  const interval = low === null || high === null ? (reason ?? "") : `95 % interval ${points(low)} to ${points(high)}`;
  return `${name} against alone: ${points(estimate)} percentage points over ${counted(count, "seed")} (${interval}). ${verdictOf(gain)}`;
}

/** What the teacher gave, pair by pair, with its interval; also in the form of articles where that was tried. */
export function distillationAnswerOf(trials: readonly Trial[]): string {
  const rows = trials.map(trialRowOf);
  const answer = gainText("Distilled", distillationGainOf(rows));
  if (rows.every(({ articleRatio }) => articleRatio === null)) return answer;
  return `${answer}\n\n${gainText("Distilled in the form of articles (0.7 × teacher + 0.3 × labels, no temperature)", distillationGainOf(rows, "articleRatio"))}`;
}

/** What the distilled students cost and get wrong as they are, pruned, and pruned with INT8 weights: a row each. */
export function smallerFormRowsOf(trials: readonly Trial[]): readonly Record<string, string | number | null>[] {
  return trials.flatMap(({ randomSeed, smallerForms }) =>
    smallerForms.map(({ name, parametersCount, fileBytes, operations, latencySeconds, latencyRatio, error, loss }) => ({
      randomSeed,
      form: name,
      parametersCount,
      fileBytes,
      multiplyAddsCount: operations.multiplyAddsCount,
      latency: `${formatQuantity(latencySeconds.estimate, "Seconds")} [${formatInterval(latencySeconds, "Seconds")}]`,
      besideFirstRatio: latencyRatio?.ratio ?? null,
      sqnrDecibels: error.sqnrDecibels,
      wrongRatio: loss,
    })),
  );
}

/** What the columns of `smallerFormRowsOf` mean. */
export const smallerFormsNote =
  "Half of the heads and of the neurons are kept, those that were worth most on examples of the training; then weights are stored in 8 bits. Nothing is trained after that. Multiply-adds and latency are of 100 sequences on one thread, the latency also beside that of the first row; wrong is the share of unseen examples.";

/** Trials as a page: the answer, each trial, what smaller forms of the student cost, and the losses of the first trial. */
export function distillationReportOf(setting: DistillationSetting, trials: readonly Trial[]): Report {
  const [first] = trials;
  const losses = first === undefined ? [] : lossRowsOf(first);
  const ofStudents = losses.filter(({ net }) => net !== "teacher");
  return {
    title: "What a teacher gives a small net",
    sections: [
      { heading: "The answer", blocks: [distillationAnswerOf(trials)] },
      { heading: "What was compared", blocks: [distillationTextOf(setting)] },
      {
        heading: "Trials",
        blocks: [{ table: trials.map(trialRowOf), caption: "Shares of unseen examples that are classified right." }],
      },
      {
        heading: "The student made smaller",
        blocks: [{ table: smallerFormRowsOf(trials), caption: smallerFormsNote }],
      },
      { heading: "How the students learned", blocks: [{ figure: lossCurve(ofStudents) }] },
    ],
  };
}
