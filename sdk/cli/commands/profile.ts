import { Command, InvalidArgumentError, Option } from "commander";
import type { GraphProfile, LayerProfile } from "../../inference/index.ts";
import { formatQuantity } from "../../units/index.ts";
import { assertAbsent, wholeNumber } from "../flags.ts";
import { printJson, printText } from "../output.ts";
import { modelPathOf } from "../places.ts";
import { isOnnx } from "./onnxCompression.ts";

type Sizes = Readonly<Record<string, number>>;

interface ProfileFlags {
  readonly rounds: number;
  readonly threads?: number;
  readonly size?: Sizes;
  readonly kind?: "decode" | "prefill";
  readonly tokens?: number;
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

function headOf({ runsCount, runSeconds }: GraphProfile | LayerProfile, rest: string): string {
  return `A profile of ${runsCount} runs: ${formatQuantity(runSeconds, "runSeconds")} a run, ${rest}. This is no figure of speed.`;
}

async function graphText(profile: GraphProfile): Promise<string> {
  const { layerTimesOf, operatorTimesOf } = await import("../../inference/index.ts");
  const { tableMarkdown } = await import("../../report/index.ts");
  const outside = formatQuantity(profile.overheadSeconds, "overheadSeconds");
  return [
    headOf(profile, `of which ${outside} outside of nodes; every node is timed, which slows runs down`),
    tableMarkdown(layerTimesOf(profile).map(rowOf)),
    tableMarkdown(operatorTimesOf(profile).map(rowOf)),
  ].join("\n\n");
}

async function profileGraphFile(file: string, { rounds, threads, size, json }: ProfileFlags): Promise<void> {
  const [{ planNativeInstance, planSession, profileGraph, uniformFeeds }, { inspectOnnx }] = await Promise.all([
    import("../../inference/index.ts"),
    import("../../onnx/index.ts"),
  ]);
  const { inputs, operations } = await inspectOnnx(file, size);
  const feeds = uniformFeeds(inputs, operations.sizes);
  const plan = planSession({ model: file }, await planNativeInstance(threads));
  const profile = await profileGraph(plan, { feeds, roundsCount: rounds });
  if (json) printJson({ sizes: operations.sizes, ...profile });
  else printText(await graphText(profile));
}

async function decoderText(profile: LayerProfile): Promise<string> {
  const { tableMarkdown } = await import("../../report/index.ts");
  const slower = `stopped between parts, ${profile.slowdownRatio.toFixed(2)} times as long as without`;
  return [headOf(profile, slower), tableMarkdown(profile.parts.map(rowOf))].join("\n\n");
}

async function profileDecoder(modelPath: string, flags: ProfileFlags): Promise<void> {
  const { planEngine, planNativeInstance, startEngine } = await import("../../inference/index.ts");
  const { kind = "decode", tokens: tokensCount = kind === "decode" ? 32 : 512, rounds: roundsCount } = flags;
  const plan = planEngine(
    { modelPath, driver: "llama", contextTokensCount: tokensCount },
    await planNativeInstance(flags.threads),
  );
  await using engine = await startEngine(plan);
  const profile = await engine.profile({ kind, tokensCount, roundsCount });
  if (flags.json) printJson(profile);
  else printText(await decoderText(profile));
}

async function profileModel(name: string, flags: ProfileFlags, command: Command): Promise<void> {
  const isGraph = isOnnx(name);
  if (isGraph) assertAbsent(command, ["kind", "tokens"], "say nothing of ONNX files. Pass --size.");
  else assertAbsent(command, ["size"], "says nothing of GGUF files. Pass --kind and --tokens.");
  if (isGraph) await profileGraphFile(name, flags);
  else await profileDecoder(await modelPathOf(name), flags);
}

/** `numalab model profile`: where the time of a model goes. */
export function profileCommand(): Command {
  return new Command("profile")
    .description("show the time of each layer: attention and feed-forward of GGUF, operators of ONNX on inputs of ones")
    .argument("<file>", "a GGUF or ONNX file")
    .option("--rounds <n>", "how often to do the profiled work", wholeNumber(1), 5)
    .option("--threads <n>", "threads (default: one a core)", wholeNumber(1))
    .addOption(new Option("--kind <kind>", "of GGUF: what is done").choices(["decode", "prefill"]))
    .option("--tokens <n>", "of GGUF: tokens of a round (default: 32 decoded, or a prompt of 512)", wholeNumber(1))
    .option("--size <name=n>", "of ONNX: the size of an open dimension; may come again", addSize)
    .option("--json", "print one JSON document, with every node of an ONNX graph")
    .action(profileModel);
}
