import { join } from "node:path";
import { Command } from "commander";
import type { Trial, TrialRow } from "../../compression/index.ts";
import type { DistillationSetting } from "../../study/index.ts";
import { formatQuantity } from "../../units/index.ts";
import { nonNegative, wholeNumber } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { openStatusLine, printJson, printNote, printText, printWarnings } from "../output.ts";

interface DistilFlags {
  readonly seed: number;
  readonly seeds: number;
  readonly alpha: number;
  readonly temperature: number;
  readonly unscaled?: true;
  readonly compareForms?: true;
  readonly teacherExamples: number;
  readonly studentExamples: number;
  readonly teacherSteps: number;
  readonly studentSteps: number;
  readonly out?: string;
  readonly json?: true;
}

const share = (ratio: number): string => formatQuantity(ratio, "accuracyRatio");

function rowText({
  randomSeed,
  chanceRatio,
  teacherRatio,
  aloneRatio,
  distilledRatio,
  articleRatio,
}: TrialRow): string {
  const article = articleRatio === null ? "" : `, in the form of articles ${share(articleRatio)}`;
  return `seed ${randomSeed}, classified right: teacher ${share(teacherRatio)}, student alone ${share(aloneRatio)}, distilled ${share(distilledRatio)}${article}; chance ${share(chanceRatio)}`;
}

function settingOf(flags: DistilFlags): DistillationSetting {
  const { alpha, temperature, unscaled, teacherExamples, studentExamples, teacherSteps, studentSteps } = flags;
  const sizes = {
    teacherExamplesCount: teacherExamples,
    studentExamplesCount: studentExamples,
    heldOutCount: 2_000,
    teacherStepsCount: teacherSteps,
    studentStepsCount: studentSteps,
  };
  return { alpha, temperature, isScaled: unscaled !== true, sizes };
}

/** Runs the trials, tells of each as it ends, and gives them. */
async function runTrials(setting: DistillationSetting, flags: DistilFlags): Promise<Trial[]> {
  const { runTrial, trialRowOf, writeTrial } = await import("../../compression/index.ts");
  const [signal, status, tell] = [interruptSignal(), openStatusLine(), flags.json ? printNote : printText];
  const trials: Trial[] = [];
  for (let randomSeed = flags.seed; randomSeed < flags.seed + flags.seeds; randomSeed++) {
    const onProgress = (name: string, doneRatio: number): void => {
      status.show(`seed ${randomSeed}: ${name}`, doneRatio);
    };
    const comparesForms = flags.compareForms === true;
    const trial = await runTrial({ ...setting, randomSeed, comparesForms, signal, onProgress });
    status.clear();
    tell(rowText(trialRowOf(trial)));
    if (flags.out !== undefined) printNote(`Written: ${await writeTrial(trial, flags.out)}`);
    trials.push(trial);
  }
  return trials;
}

async function writeReport(setting: DistillationSetting, trials: readonly Trial[], folder: string): Promise<void> {
  const [{ distillationReportOf }, { page, writePage }] = await Promise.all([
    import("../../study/index.ts"),
    import("../../report/index.ts"),
  ]);
  const path = join(folder, "distillation.html");
  await writePage(path, await page(distillationReportOf(setting, trials)));
  printNote(`Written: ${path}`);
}

async function distil(flags: DistilFlags): Promise<void> {
  const [{ distillationGainOf, teachingWarningsOf, trialRowOf }, study, { tableMarkdown }] = await Promise.all([
    import("../../compression/index.ts"),
    import("../../study/index.ts"),
    import("../../report/index.ts"),
  ]);
  const setting = settingOf(flags);
  const warnings = teachingWarningsOf(setting);
  printWarnings(warnings);
  if (!flags.json) printText(`${study.distillationTextOf(setting)}\n\n`);
  const trials = await runTrials(setting, flags);
  if (flags.json) {
    const rows = trials.map((trial) => ({ ...trialRowOf(trial), smallerForms: trial.smallerForms }));
    const articleGain = flags.compareForms ? distillationGainOf(rows, "articleRatio") : null;
    printJson({ ...setting, rows, gain: distillationGainOf(rows), articleGain, warnings });
  } else {
    printText(`\n${study.distillationAnswerOf(trials)}\n\n`);
    printText(`${tableMarkdown(study.smallerFormRowsOf(trials))}\n\n${study.smallerFormsNote}`);
  }
  if (flags.out !== undefined) await writeReport(setting, trials, flags.out);
}

/** `numalab model distil`: what a teacher gives a small net. */
export function distilCommand(): Command {
  return new Command("distil")
    .description("train a small net alone and by a teacher, on a task made from a seed, compare them, make it smaller")
    .option("--seed <n>", "the first random seed", wholeNumber(0), 1)
    .option("--seeds <n>", "how many times, each with another task and other first weights", wholeNumber(1), 1)
    .option("--alpha <share>", "the weight of the teacher's word against the labels, 0 to 1", nonNegative, 0.9)
    .option("--temperature <t>", "what softens the teacher's word; 1 leaves it as it is", nonNegative, 4)
    .option("--unscaled", "leave out the factor T² of the teacher's word")
    .option("--compare-forms", "also distil a student in the form of many articles: 0.7, no temperature, no T²")
    .option(
      "--teacher-examples <n>",
      "labelled examples for the teacher; the students' number for equal data",
      wholeNumber(1),
      16_000,
    )
    .option("--student-examples <n>", "how many of them the students have", wholeNumber(1), 3_000)
    .option("--teacher-steps <n>", "steps of the teacher's training, of 32 examples each", wholeNumber(1), 2_500)
    .option("--student-steps <n>", "steps of each student's training", wholeNumber(1), 2_000)
    .option("--out <dir>", "where to write a page, the nets as ONNX files, and the losses of all steps")
    .option("--json", "print one JSON document")
    .action(distil);
}
