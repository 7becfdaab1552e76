import { planNativeInstance, planSession, type Session, startSession } from "../../inference/index.ts";
import {
  encodeOnnx,
  factsOf,
  float32Of,
  type OnnxGraph,
  type OpenSizes,
  type Operations,
  type Tensor,
} from "../../onnx/index.ts";
import {
  addSignalSums,
  comparePaired,
  compareSignals,
  type Comparison,
  seededRandom,
  shuffle,
  type SignalError,
  signalErrorOf,
  type SignalSums,
  summarize,
  type Summary,
} from "../../stats/index.ts";
import { CompressionError } from "../errors.ts";
import type { SampleRun } from "./observation.ts";

/** One form of a model. */
export interface Rung {
  readonly name: string;
  readonly graph: OnnxGraph;
}

/** What a form of a model costs, beside the first one. */
export interface LadderRow {
  readonly name: string;
  /** As `factsOf` counts them. */
  readonly parametersCount: number;
  readonly fileBytes: number;
  /** Over the first rung's file. */
  readonly fileBytesRatio: number;
  /** Of the first sample. */
  readonly operations: Operations;
  /** Of the first sample. */
  readonly latencySeconds: Summary;
  /** Over the first rung's latency, from rounds taken in turn; null for the first rung itself. */
  readonly latencyRatio: Comparison | null;
  /** All float32 outputs on all samples, against those of the first rung. */
  readonly error: SignalError;
  /** The mean of `lossOf`; null without it. */
  readonly loss: number | null;
}

/** How rungs are compared. */
export interface ComparisonSpec extends SampleRun {
  /** Default 11. */
  readonly roundsCount?: number;
  /** Of the order in each round. Default 1. */
  readonly randomSeed?: number;
  /** How wrong the outputs for a sample are, by its index, where samples have an answer. */
  readonly lossOf?: (outputs: readonly Tensor[], sampleIndex: number) => number;
}

/** A rung with its process and what it has given so far. */
interface RunningRung extends Rung {
  readonly fileBytes: number;
  readonly session: Session;
  readonly sums: SignalSums[];
  readonly losses: number[];
  readonly seconds: number[];
}

async function startRung({ name, graph }: Rung, { instance, signal }: ComparisonSpec): Promise<RunningRung> {
  const model = encodeOnnx(graph);
  const plan = planSession({ model }, instance ?? (await planNativeInstance()));
  const session = await startSession(plan, signal === undefined ? {} : { signal });
  return { name, graph, fileBytes: model.byteLength, session, sums: [], losses: [], seconds: [] };
}

function compareOutputs(expected: readonly Tensor[], found: readonly Tensor[]): SignalSums {
  const pairs = expected.map((tensor, at) => [tensor, found[at]] as const);
  return addSignalSums(
    pairs.flatMap(([one, other]) =>
      one.type === "float32" && other?.type === "float32" ? [compareSignals(float32Of(one), float32Of(other))] : [],
    ),
  );
}

/** Runs each sample on each rung; gives the first sample. */
async function runSamples(
  rungs: readonly RunningRung[],
  { samples, lossOf }: ComparisonSpec,
): Promise<readonly Tensor[]> {
  let first: readonly Tensor[] | null = null;
  let sampleIndex = 0;
  for await (const sample of samples) {
    first ??= sample;
    let expected: readonly Tensor[] = [];
    for (const [at, { session, sums, losses }] of rungs.entries()) {
      const outputs = await session.run(sample);
      if (at === 0) expected = outputs;
      sums.push(compareOutputs(expected, outputs));
      if (lossOf !== undefined) losses.push(lossOf(outputs, sampleIndex));
    }
    sampleIndex++;
  }
  if (first !== null) return first;
  throw new CompressionError("bad-samples", "There are no samples; needed at least one. Pass inputs of the graph.");
}

/** Times a sample on each rung in turn, in an order that changes from round to round. */
async function timeRungs(rungs: readonly RunningRung[], feeds: readonly Tensor[], spec: ComparisonSpec): Promise<void> {
  const { roundsCount = 11, randomSeed = 1, signal } = spec;
  const random = seededRandom(randomSeed);
  for (let round = 0; round < roundsCount; round++) {
    for (const { session, seconds } of shuffle(rungs, random)) {
      signal?.throwIfAborted();
      seconds.push(...(await session.time({ feeds, roundsCount: 1 })));
    }
  }
}

/** What the sample makes of the sizes that the graph's inputs leave open. */
function openSizesOf({ inputs }: OnnxGraph, sample: readonly Tensor[]): OpenSizes {
  const given = new Map(sample.map(({ name, dimensions }) => [name, dimensions]));
  return Object.fromEntries(
    inputs.flatMap(({ name, dimensions }) => dimensions.map((size, axis) => [size, given.get(name)?.[axis] ?? 1])),
  );
}

function rowOf(rung: RunningRung, first: RunningRung, sample: readonly Tensor[]): LadderRow {
  const { name, graph, fileBytes, sums, losses, seconds } = rung;
  const { parametersCount, operations } = factsOf(graph, openSizesOf(graph, sample));
  return {
    name,
    parametersCount,
    fileBytes,
    fileBytesRatio: fileBytes / first.fileBytes,
    operations,
    latencySeconds: summarize(seconds),
    latencyRatio: rung === first ? null : comparePaired(seconds, first.seconds),
    error: signalErrorOf(addSignalSums(sums)),
    loss: losses.length === 0 ? null : losses.reduce((total, loss) => total + loss, 0) / losses.length,
  };
}

/**
 * What each form of a model costs beside the first: size, operations, latency on the first sample, and error on all samples,
 * which are best ones that nothing was calibrated or trained on. All forms are loaded at once and timed in turn.
 * @throws {CompressionError} `bad-samples`
 * @throws {EngineError} `invalid-request` when a sample does not fit the graph's inputs, and as `startSession`
 */
export async function compareRungs(rungs: readonly Rung[], spec: ComparisonSpec): Promise<readonly LadderRow[]> {
  const running: RunningRung[] = [];
  let sample: readonly Tensor[] = [];
  try {
    for (const rung of rungs) running.push(await startRung(rung, spec));
    sample = await runSamples(running, spec);
    await timeRungs(running, sample, spec);
  } finally {
    await Promise.all(running.map(({ session }) => session.close()));
  }
  const [first] = running;
  return first === undefined ? [] : running.map((rung) => rowOf(rung, first, sample));
}
