import { readFile } from "node:fs/promises";
import {
  compareDistributions,
  type Divergence,
  type Engine,
  planEngine,
  planNativeInstance,
  startEngine,
  tokensPerSecondOf,
} from "../inference/index.ts";
import { type InstancePlan, verifyBinding } from "../launch/index.ts";
import { type Model, readModel } from "../model/index.ts";
import { seededRandom, shuffle } from "../stats/index.ts";
import { probeTopology } from "../topology/index.ts";
import { StudyError } from "./errors.ts";
import { type InstructionSetRow, instructionSetRowsOf, type RungSample } from "./instructionSetRows.ts";
import { type InstructionSetRung, instructionSetRungsOf } from "./instructionSetRungs.ts";

/** Which builds to compare on which model; only the model must be given. */
export interface InstructionSetSpec {
  readonly modelPath: string;
  /** Names of the engine's builds, such as `haswell`. Default: one for each instruction set that this CPU has. */
  readonly builds?: readonly string[];
  /** Default 128. */
  readonly promptTokensCount?: number;
  /** Default 32. */
  readonly generatedTokensCount?: number;
  /** How often each build is measured, in a new random order each time. Default 5. */
  readonly roundsCount?: number;
  readonly threadsCount?: number;
  readonly randomSeed?: number;
}

/** How a ladder tells what it does, and what stops it. */
export interface InstructionSetOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string, doneRatio: number) => void;
}

type Planned = Required<Omit<InstructionSetSpec, "builds" | "threadsCount">> & {
  readonly instance: InstancePlan;
  readonly signal?: AbortSignal | undefined;
};

function planLadder(spec: InstructionSetSpec, instance: InstancePlan): Planned {
  const { promptTokensCount = 128, generatedTokensCount = 32, roundsCount = 5, randomSeed = 1 } = spec;
  const counts = { promptTokensCount, generatedTokensCount, roundsCount };
  const bad = Object.entries(counts).find(([, count]) => !Number.isInteger(count) || count < 1);
  if (bad === undefined) return { modelPath: spec.modelPath, ...counts, randomSeed, instance };
  const message = `${bad[0]} is ${bad[1]}; needed a whole number of at least 1. Pass such.`;
  throw new StudyError("bad-spec", message, { facts: counts });
}

function start(build: string, { modelPath, instance, signal, ...planned }: Planned): Promise<Engine> {
  const contextTokensCount = Math.max(planned.promptTokensCount, planned.generatedTokensCount, scoredTokensCount);
  const setting = { modelPath, engineBuild: build, driver: "llama" as const, contextTokensCount };
  return startEngine(planEngine(setting, instance), signal === undefined ? {} : { signal });
}

/** The compute library that a process has mapped, as the kernel tells it. */
async function readComputeLibrary(processId: number): Promise<string | null> {
  const names = (await readFile(`/proc/${processId}/maps`, "utf8")).match(/libggml-cpu[^/\s]*\.so/g) ?? [];
  const [name = null, ...others] = new Set(names);
  return others.length === 0 ? name : null;
}

async function measure(build: string, planned: Planned): Promise<RungSample> {
  await using engine = await start(build, planned);
  const prefill = await engine.prefill({ tokensCount: planned.promptTokensCount });
  const decode = await engine.decode({ tokensCount: planned.generatedTokensCount });
  const { state } = await verifyBinding(engine.processId, planned.instance);
  return {
    computeLibrary: await readComputeLibrary(engine.processId),
    instructionSets: engine.facts.instructionSets ?? [],
    outputDigest: engine.facts.outputDigest,
    binding: state,
    prefillTokensPerSecond: tokensPerSecondOf(prefill) ?? 0,
    decodeTokensPerSecond: tokensPerSecondOf(decode) ?? 0,
  };
}

/** A chunk of tokens of which the engines count the second half. */
const scoredTokensCount = 64;

/** How far the probabilities of two builds are apart on the same random tokens; only these two are in memory. */
async function compare(builds: readonly [string, string], planned: Planned, model: Model): Promise<Divergence> {
  const random = seededRandom(planned.randomSeed);
  const text = Array.from({ length: scoredTokensCount }, () => Math.floor(random() * model.vocabularyCount));
  await using engine = await start(builds[0], planned);
  await using reference = await start(builds[1], planned);
  return await compareDistributions(engine, reference, { text, chunkTokensCount: scoredTokensCount });
}

/** Samples of each rung, interleaved. */
async function measureRounds(
  rungs: readonly InstructionSetRung[],
  planned: Planned,
  { signal, onProgress }: InstructionSetOptions,
): Promise<ReadonlyMap<string, RungSample[]>> {
  const random = seededRandom(planned.randomSeed);
  const samples = new Map<string, RungSample[]>(rungs.map(({ build }) => [build, []]));
  const total = planned.roundsCount * rungs.length;
  let doneCount = 0;
  for (let round = 0; round < planned.roundsCount; round++) {
    for (const { build, instructionSet } of shuffle(rungs, random)) {
      signal?.throwIfAborted();
      onProgress?.(`round ${round + 1}: ${instructionSet} (${build})`, doneCount / total);
      samples.get(build)?.push(await measure(build, planned));
      doneCount += 1;
    }
  }
  return samples;
}

/**
 * What each instruction set of this CPU gives to one model, the lowest rung first: every build of the engine in a fresh bound
 * process of its own, one at a time, in rounds of random order. That the build has run is read from the kernel, and its
 * output is held against that of the lowest rung.
 * @throws {ModelError} {LaunchError} {EngineError} {StudyError} `bad-spec`
 */
export async function instructionSetLadder(
  spec: InstructionSetSpec,
  options: InstructionSetOptions = {},
): Promise<InstructionSetRow[]> {
  const model = await readModel(spec.modelPath);
  const rungs = instructionSetRungsOf(await probeTopology(), spec.builds);
  const instance = await planNativeInstance(spec.threadsCount);
  const planned = { ...planLadder(spec, instance), signal: options.signal };
  const samples = await measureRounds(rungs, planned, options);
  const [lowest] = rungs;
  const digestOf = (build: string | undefined) => samples.get(build ?? "")?.[0]?.outputDigest ?? null;
  const measured = [];
  for (const rung of rungs) {
    const isSame = digestOf(rung.build) === digestOf(lowest?.build);
    const divergence = isSame ? null : await compare([rung.build, lowest?.build ?? ""], planned, model);
    measured.push({ ...rung, samples: samples.get(rung.build) ?? [], divergence });
  }
  const { name, quant, synthetic } = model;
  return instructionSetRowsOf(measured, { model: name, quant, synthetic, threadsCount: instance.threadsCount });
}
