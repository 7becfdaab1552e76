import { Command, InvalidArgumentError } from "commander";
import type { GraphProfile } from "../../inference/index.ts";
import { wholeNumber } from "../flags.ts";
import { printJson, printText } from "../output.ts";

type Sizes = Readonly<Record<string, number>>;

interface ProfileFlags {
  readonly rounds: number;
  readonly threads?: number;
  readonly size?: Sizes;
  readonly json?: true;
}

/** `sequence=64` added to what the flag said before. */
function addSize(text: string, before: Sizes = {}): Sizes {
  const [, name, size] = /^(.+)=(\d+)$/.exec(text) ?? [];
  if (name !== undefined && size !== undefined) return { ...before, [name]: Number(size) };
  throw new InvalidArgumentError(`"${text}" is not a dimension with its size, such as sequence=64.`);
}

/** A row whose heading says the unit of its time. */
const rowOf = <Row extends { readonly seconds: number }>({ seconds: timeSeconds, ...row }: Row) => ({
  ...row,
  timeSeconds,
});

async function profileText(profile: GraphProfile): Promise<string> {
  const [{ layerTimesOf, operatorTimesOf }, { tableMarkdown }, { formatQuantity }] = await Promise.all([
    import("../../inference/index.ts"),
    import("../../report/index.ts"),
    import("../../units/index.ts"),
  ]);
  const { runsCount, runSeconds, overheadSeconds } = profile;
  const times = `${formatQuantity(runSeconds, "runSeconds")} a run, of which ${formatQuantity(overheadSeconds, "overheadSeconds")} outside of nodes`;
  return [
    `A profile of ${runsCount} runs: ${times}. Every node is timed, which slows runs down: this is no figure of speed.`,
    tableMarkdown(layerTimesOf(profile).map(rowOf)),
    tableMarkdown(operatorTimesOf(profile).map(rowOf)),
  ].join("\n\n");
}

async function profileModel(file: string, { rounds, threads, size, json }: ProfileFlags): Promise<void> {
  const [{ planNativeInstance, planSession, profileGraph, uniformFeeds }, { inspectOnnx }] = await Promise.all([
    import("../../inference/index.ts"),
    import("../../onnx/index.ts"),
  ]);
  const { inputs, operations } = await inspectOnnx(file, size);
  const feeds = uniformFeeds(inputs, operations.sizes);
  const plan = planSession({ model: file }, await planNativeInstance(threads));
  const profile = await profileGraph(plan, { feeds, roundsCount: rounds });
  if (json) printJson({ sizes: operations.sizes, ...profile });
  else printText(await profileText(profile));
}

/** `numalab model profile`: where the time of a graph goes. */
export function profileCommand(): Command {
  return new Command("profile")
    .description("show the time of each layer and of each operator of an ONNX graph, on inputs of ones")
    .argument("<file>", "an ONNX file")
    .option("--rounds <n>", "runs to profile", wholeNumber(1), 10)
    .option("--threads <n>", "threads (default: one a core)", wholeNumber(1))
    .option("--size <name=n>", "the size of an open dimension, such as sequence=64; may come again", addSize)
    .option("--json", "print one JSON document, with every node")
    .action(profileModel);
}
