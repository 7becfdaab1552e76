import type { LaunchPlan } from "../launch/index.ts";
import { type Model, readModel } from "../model/index.ts";
import type { Channel } from "./channel.ts";
import { type EnginePlan, planEngine, startChannel } from "./engine.ts";
import { EngineError } from "./errors.ts";
import type { StageAnswer, StageRequest, WorkerCalls } from "./protocol.ts";
import type { EngineSetting, EngineSpec } from "./setting.ts";

/** The files of a pipeline's stages in order, and what their engines have in common. */
export interface PipelineSpec extends Omit<EngineSpec, "modelPath" | "driver" | "isCacheShared"> {
  /**
   * GGUF files with consecutive layers of one model. Each but the last has one layer more than it computes: the first of the
   * next stage, because what goes into a layer can be read, and what comes out of the last cannot.
   */
  readonly stagePaths: readonly string[];
}

/** Architectures of which the engine tells what goes into each layer, and that need nothing but that. */
const knownArchitectures = ["llama", "qwen3", "qwen3moe"];

function assertStages(models: readonly Model[], instancesCount: number): readonly [Model] {
  const [first] = models;
  const facts = { stagesCount: models.length, instancesCount };
  if (first === undefined || models.length !== instancesCount) {
    const message = `${models.length} stages and ${instancesCount} instances were given; needed one instance for each stage, and one stage at least. Plan as many.`;
    throw new EngineError("invalid-request", message, { facts });
  }
  const unlike = models.find(
    ({ architecture, hiddenSize }) => architecture !== first.architecture || hiddenSize !== first.hiddenSize,
  );
  if (unlike !== undefined) {
    const message = `${unlike.path} is no part of the same model as ${first.path}. Pass stages of one model.`;
    throw new EngineError("invalid-request", message, { facts });
  }
  if (models.length === 1 || knownArchitectures.includes(first.architecture)) return [first];
  const message = `The engine does not tell what goes into the layers of ${first.architecture}; it does for ${knownArchitectures.join(", ")}. Use one of these, or predictPipeline for what a pipeline would give.`;
  throw new EngineError("not-supported", message, { facts: { architecture: first.architecture } });
}

/** Rows of one sequence, and what is wanted after the last stage. */
export interface PassRequest extends Pick<StageRequest, "sequenceIndex" | "startPosition"> {
  readonly tokens: readonly number[];
  readonly output: "logits" | "token";
  /** Hears how long each stage took. */
  readonly tell?: (stageIndex: number, seconds: number) => void;
}

/** The running stages of a pipeline. */
export interface Stages {
  readonly processIds: readonly number[];
  readonly setting: EngineSetting;
  readonly vocabularyCount: number;
  /** Sends rows through all stages. */
  pass(request: PassRequest): Promise<StageAnswer["output"]>;
  close(): Promise<void>;
}

async function startChannels(plans: readonly EnginePlan[]): Promise<Channel<WorkerCalls>[]> {
  const starts = await Promise.allSettled(plans.map((plan) => startChannel(plan)));
  const channels = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value.channel] : []));
  const failed = starts.find((start) => start.status === "rejected");
  if (failed === undefined) return channels;
  await Promise.all(channels.map((channel) => channel.close()));
  throw failed.reason;
}

/** Sends rows through one stage after the other. Each channel takes one request at a time, in order. */
async function passThrough(
  channels: readonly Channel<WorkerCalls>[],
  models: readonly Model[],
  { tokens, output, tell, ...place }: PassRequest,
): Promise<StageAnswer["output"]> {
  let input: StageRequest["input"] = { tokens };
  for (const [index, channel] of channels.slice(0, -1).entries()) {
    const layerIndex = (models[index]?.layersCount ?? 1) - 1;
    const answer: StageAnswer = await channel.ask("computeStage", { ...place, input, output: { layerIndex } });
    tell?.(index, answer.seconds);
    input = { states: answer.output as Uint8Array, rowsCount: tokens.length };
  }
  const last = channels.length - 1;
  const answer = await (channels[last] as Channel<WorkerCalls>).ask("computeStage", { ...place, input, output });
  tell?.(last, answer.seconds);
  return answer.output;
}

/**
 * Starts each stage in a process of its own, bound as its instance is planned.
 * @throws {EngineError} `invalid-request`, `not-supported`, and as `startEngine`; none is left running then
 */
export async function startStages(
  { stagePaths, ...spec }: PipelineSpec,
  instances: LaunchPlan["instances"],
): Promise<Stages> {
  const models = await Promise.all(stagePaths.map((path) => readModel(path)));
  const [first] = assertStages(models, instances.length);
  const plans = instances.map((instance, at) => {
    const modelPath = models[at]?.path ?? first.path;
    return planEngine({ ...spec, modelPath, driver: "llama", isCacheShared: true }, instance);
  });
  const channels = await startChannels(plans);
  return {
    processIds: channels.map(({ processId }) => processId),
    setting: (plans[0] as EnginePlan).setting,
    vocabularyCount: first.vocabularyCount,
    pass: (request) => passThrough(channels, models, request),
    async close() {
      await Promise.all(channels.map((channel) => channel.close()));
    },
  };
}
