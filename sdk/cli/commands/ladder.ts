import { Command } from "commander";
import type { LadderRow } from "../../compression/index.ts";
import { presentOf, wholeNumber } from "../flags.ts";
import { interruptSignal } from "../interrupt.ts";
import { printJson, printText } from "../output.ts";

interface LadderFlags {
  readonly samples?: string;
  readonly calibration?: string;
  readonly rounds: number;
  readonly threads?: number;
  readonly int4?: true;
  readonly json?: true;
}

const rowOf = ({ name, fileBytes, parametersCount, operations, latencySeconds, latencyRatio, error }: LadderRow) => ({
  form: name,
  fileBytes,
  parametersCount,
  multiplyAddsCount: operations.multiplyAddsCount,
  latencySeconds: latencySeconds.estimate,
  latencyRatio: latencyRatio?.ratio ?? null,
  ratioLow: latencyRatio?.low ?? null,
  ratioHigh: latencyRatio?.high ?? null,
  sqnrDecibels: error.sqnrDecibels,
  note: error.reason ?? "",
});

async function climb(path: string, flags: LadderFlags): Promise<void> {
  const [{ compressionLadder, randomSamples, readSamples }, { planNativeInstance }, { readOnnx }] = await Promise.all([
    import("../../compression/index.ts"),
    import("../../inference/index.ts"),
    import("../../onnx/index.ts"),
  ]);
  const { samples, calibration, rounds: roundsCount, threads, int4: hasInt4, json } = flags;
  const graph = await readOnnx(path);
  const rows = await compressionLadder(graph, {
    samples: samples === undefined ? randomSamples(graph, 4) : readSamples(samples, graph.inputs),
    ...presentOf({ hasInt4 }),
    ...(calibration !== undefined && { calibration: readSamples(calibration, graph.inputs) }),
    instance: await planNativeInstance(threads),
    roundsCount,
    signal: interruptSignal(),
  });
  if (json) {
    printJson(rows);
    return;
  }
  const { tableMarkdown } = await import("../../report/index.ts");
  const inputs = samples ?? "random inputs: how far apart the forms are, not how good any is";
  printText(`${tableMarkdown(rows.map(rowOf))}\n\non ${inputs}`);
}

/** `numalab model ladder`: what each step of compression costs. */
export function ladderCommand(): Command {
  return new Command("ladder")
    .description("measure an ONNX model as it is, in int8, and pruned and in int8: size, latency taken in turn, error")
    .argument("<file>", "an ONNX file in float32, such as an encoder")
    .option(
      "--samples <file>",
      "what error and latency are measured on, a JSON object of inputs a line (default: random)",
    )
    .option("--calibration <file>", "other samples, which heads and neurons are scored on (default: weights alone)")
    .option("--int4", "with a form in blocks of 4 bits too")
    .option("--rounds <n>", "how often each form is timed", wholeNumber(3), 11)
    .option("--threads <n>", "how many threads (default: one for each core)", wholeNumber(1))
    .option("--json", "print one JSON document")
    .action(climb);
}
