import { Command } from "commander";
import type { Teaching, Trial, TrialRow } from "../../compression/index.ts";
import type { Summary } from "../../stats/index.ts";
import { counted, formatQuantity } from "../../units/index.ts";
import { nonNegative, wholeNumber } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { openStatusLine, printJson, printNote, printText, printWarnings } from "../output.ts";

interface DistilFlags {
  readonly seed: number;
  readonly seeds: number;
  readonly alpha: number;
  readonly temperature: number;
  readonly unscaled?: true;
  readonly out?: string;
  readonly json?: true;
}

const share = (ratio: number): string => formatQuantity(ratio, "accuracyRatio");

function rowText({ randomSeed, chanceRatio, teacherRatio, aloneRatio, distilledRatio }: TrialRow): string {
  return `seed ${randomSeed}: teacher ${share(teacherRatio)} right, student alone ${share(aloneRatio)}, distilled ${share(distilledRatio)}, chance ${share(chanceRatio)}`;
}

function gainText({ count, estimate, low, high, reason }: Summary): string {
  const points = (ratio: number) => `${ratio < 0 ? "−" : "+"}${Math.abs(ratio * 100).toFixed(1)}`;
  const interval = low === null || high === null ? (reason ?? "") : `95 % interval ${points(low)} to ${points(high)}`;
  return `distilled against alone: ${points(estimate)} percentage points over ${counted(count, "seed")} (${interval})`;
}

/** Runs the trials, tells of each as it ends, and gives them. */
async function runTrials(teaching: Teaching, flags: DistilFlags): Promise<Trial[]> {
  const { defaultTrialSizes, runTrial, trialRowOf, writeTrial } = await import("../../compression/index.ts");
  const [signal, status, tell] = [interruptSignal(), openStatusLine(), flags.json ? printNote : printText];
  const trials: Trial[] = [];
  for (let randomSeed = flags.seed; randomSeed < flags.seed + flags.seeds; randomSeed++) {
    const onProgress = (name: string, doneRatio: number): void => {
      status.show(`seed ${randomSeed}: ${name}`, doneRatio);
    };
    const trial = await runTrial({ ...teaching, randomSeed, sizes: defaultTrialSizes, signal, onProgress });
    status.clear();
    tell(rowText(trialRowOf(trial)));
    if (flags.out !== undefined) printNote(`written to ${await writeTrial(trial, flags.out)}`);
    trials.push(trial);
  }
  return trials;
}

async function distil(flags: DistilFlags): Promise<void> {
  const { distillationGainOf, teachingWarningsOf, trialRowOf } = await import("../../compression/index.ts");
  const teaching = { alpha: flags.alpha, temperature: flags.temperature, isScaled: flags.unscaled !== true };
  const warnings = teachingWarningsOf(teaching);
  printWarnings(warnings);
  const rows = (await runTrials(teaching, flags)).map(trialRowOf);
  const gain = distillationGainOf(rows);
  if (flags.json) printJson({ ...teaching, rows, gain, warnings });
  else printText(gainText(gain));
}

/** `numalab model distil`: what a teacher gives a small net. */
export function distilCommand(): Command {
  return new Command("distil")
    .description("train a small net alone and by a teacher, on a task made from a seed, and compare them")
    .option("--seed <n>", "the first random seed", wholeNumber(0), 1)
    .option("--seeds <n>", "how many times, each with another task and other first weights", wholeNumber(1), 1)
    .option("--alpha <share>", "the weight of the teacher's word against the labels, 0 to 1", nonNegative, 0.7)
    .option("--temperature <t>", "what softens the teacher's word; 1 leaves it as it is", nonNegative, 2)
    .option("--unscaled", "leave out the factor T² of the teacher's word, as many articles do")
    .option("--out <dir>", "where to write the nets as ONNX files, and the losses of all steps")
    .option("--json", "print one JSON document")
    .action(distil);
}
