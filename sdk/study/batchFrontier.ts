import {
  type BatchedRun,
  type BatchPolicy,
  type BatchSummary,
  type Engine,
  planEngine,
  startEngine,
  summarizeBatched,
} from "../inference/index.ts";
import { planLaunch, probeBindingWay, verifyBinding } from "../launch/index.ts";
import { type Model, readModel } from "../model/index.ts";
import { medianOf, type Random, seededRandom, shuffle, summarize } from "../stats/index.ts";
import { probeTopology } from "../topology/index.ts";
import { StudyError } from "./errors.ts";

/** Which batches to compare; only the model must be given. */
export interface BatchFrontierSpec {
  readonly modelPath: string;
  /** Requests computed at once, at most. Default 1, 2, 4 and 8. */
  readonly batchSizes?: readonly number[];
  /** Default 64. */
  readonly promptTokensCount?: number;
  /** Tokens generated for each request. Default 32. */
  readonly generatedTokensCount?: number;
  /** Default: twice the largest batch. */
  readonly requestsCount?: number;
  /** Requests that come in a second, at random times; all at once when it is left out. */
  readonly requestsPerSecond?: number;
  /** How often each batch is measured, in a new random order each time. Default 3. */
  readonly roundsCount?: number;
  readonly threadsCount?: number;
  readonly policy?: Omit<Partial<BatchPolicy>, "maximumSequencesCount">;
  readonly randomSeed?: number;
}

/** What one batch size gave: the medians over its rounds. */
export interface BatchFrontierRow extends BatchSummary {
  readonly model: string;
  readonly quant: string | null;
  readonly synthetic: boolean;
  readonly threadsCount: number;
  readonly batchSize: number;
  readonly requestsCount: number;
  /** Null when all requests came at once. */
  readonly requestsPerSecond: number | null;
  /** The 95 % interval over rounds; null with fewer than 3. */
  readonly lowTokensPerSecond: number | null;
  readonly highTokensPerSecond: number | null;
  readonly roundsCount: number;
  readonly binding: string;
}

/** How a frontier tells what it does, and what stops it. */
export interface BatchFrontierOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string, doneRatio: number) => void;
}

type Planned = Required<Omit<BatchFrontierSpec, "requestsPerSecond" | "threadsCount">> &
  Pick<BatchFrontierSpec, "requestsPerSecond" | "threadsCount">;

function planFrontier(spec: BatchFrontierSpec): Planned {
  const { batchSizes = [1, 2, 4, 8] } = spec;
  const bad = batchSizes.find((size) => !Number.isInteger(size) || size < 1);
  if (bad !== undefined || batchSizes.length === 0) {
    const message = `The batch sizes are ${batchSizes.join(", ") || "none"}; needed whole numbers of at least 1. Pass such.`;
    throw new StudyError("bad-spec", message, { facts: { batchSizes } });
  }
  return {
    promptTokensCount: 64,
    generatedTokensCount: 32,
    requestsCount: 2 * Math.max(...batchSizes),
    roundsCount: 3,
    policy: {},
    randomSeed: 1,
    ...spec,
    batchSizes,
  };
}

/** Prompts of random tokens, and when each comes: with random gaps of the exponential distribution, or all at once. */
function requestsOf(planned: Planned, { vocabularyCount }: Model, random: Random): Parameters<Engine["runBatched"]>[0] {
  let arrivalSeconds = 0;
  return Array.from({ length: planned.requestsCount }, () => {
    if (planned.requestsPerSecond !== undefined) arrivalSeconds -= Math.log(1 - random()) / planned.requestsPerSecond;
    const { promptTokensCount: length, generatedTokensCount: maximumTokensCount } = planned;
    const tokens = Array.from({ length }, () => Math.floor(random() * vocabularyCount));
    return { tokens, maximumTokensCount, stopsAtEnd: false, arrivalSeconds };
  });
}

const summaryNames = [
  "tokensPerSecond",
  "ttftMedianSeconds",
  "ttft95Seconds",
  "interTokenMedianSeconds",
  "interToken95Seconds",
  "meanDecodeRowsCount",
] as const;

/** The medians over the rounds of one batch size. */
function summaryOf(
  runs: readonly BatchedRun[],
): BatchSummary & Pick<BatchFrontierRow, "lowTokensPerSecond" | "highTokensPerSecond"> {
  const summaries = runs.map(summarizeBatched);
  const valuesOf = (name: keyof BatchSummary): number[] => summaries.flatMap((summary) => summary[name] ?? []);
  const medians = summaryNames.map((name) => [name, valuesOf(name).length === 0 ? null : medianOf(valuesOf(name))]);
  const rates = valuesOf("tokensPerSecond");
  const { low, high } = rates.length === 0 ? { low: null, high: null } : summarize(rates);
  return {
    ...(Object.fromEntries(medians) as unknown as BatchSummary),
    lowTokensPerSecond: low,
    highTokensPerSecond: high,
  };
}

/** Runs of each batch size, interleaved. */
async function measureBatches(
  engine: Engine,
  { planned, model }: { readonly planned: Planned; readonly model: Model },
  { signal, onProgress }: BatchFrontierOptions,
): Promise<ReadonlyMap<number, BatchedRun[]>> {
  const random = seededRandom(planned.randomSeed);
  const runs = new Map<number, BatchedRun[]>(planned.batchSizes.map((size) => [size, []]));
  const total = planned.roundsCount * planned.batchSizes.length;
  let doneCount = 0;
  for (let round = 0; round < planned.roundsCount; round++) {
    const requests = requestsOf(planned, model, random);
    for (const size of shuffle(planned.batchSizes, random)) {
      onProgress?.(`round ${round + 1}: ${size} at once`, doneCount / total);
      const policy = { ...planned.policy, maximumSequencesCount: size };
      const run = await engine.runBatched(requests, signal === undefined ? policy : { ...policy, signal });
      signal?.throwIfAborted();
      runs.get(size)?.push(run);
      doneCount += 1;
    }
  }
  return runs;
}

/**
 * What larger batches give and cost on this machine: generated tokens a second of all requests together, against the time
 * that each of them waits from token to token. Requests are the same for every batch size of a round, batch sizes are
 * interleaved in random order, and the engine is bound.
 * @throws {ModelError} {LaunchError} {EngineError} {StudyError} `bad-spec`
 */
export async function batchFrontier(
  spec: BatchFrontierSpec,
  options: BatchFrontierOptions = {},
): Promise<BatchFrontierRow[]> {
  const planned = planFrontier(spec);
  const { modelPath, threadsCount, batchSizes, requestsCount, requestsPerSecond = null, roundsCount } = planned;
  const model = await readModel(modelPath);
  const topology = await probeTopology();
  const { way: bindingWay } = await probeBindingWay(topology);
  const [instance] = planLaunch(
    { bindingWay, ...(threadsCount === undefined ? {} : { threadsCount }) },
    topology,
  ).instances;
  if (instance === undefined) throw new TypeError("a launch plan has at least one instance");
  const setting = {
    modelPath,
    sequencesCount: Math.max(...batchSizes) + 1,
    isCacheShared: true,
    contextTokensCount: planned.promptTokensCount + planned.generatedTokensCount,
  };
  await using engine = await startEngine(planEngine(setting, instance));
  const runs = await measureBatches(engine, { planned, model }, options);
  const { state } = await verifyBinding(engine.processId, instance);
  const { name, quant, synthetic } = model;
  const common = {
    model: name,
    quant,
    synthetic,
    threadsCount: instance.threadsCount,
    requestsCount,
    requestsPerSecond,
  };
  return [...runs].map(([batchSize, own]) => ({
    ...common,
    batchSize,
    ...summaryOf(own),
    roundsCount,
    binding: state,
  }));
}
