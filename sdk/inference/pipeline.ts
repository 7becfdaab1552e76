import type { LaunchPlan } from "../launch/index.ts";
import { EngineError } from "./errors.ts";
import { assertCount, assertHolds } from "./request.ts";
import { type PipelineSpec, type Stages, startStages } from "./stages.ts";

/** What is decoded to time a pipeline. */
export interface PipelineLoad {
  /** In flight at once. */
  readonly sequencesCount: number;
  readonly promptTokensCount: number;
  /** Decoded in each sequence after its prompt. */
  readonly tokensCount: number;
}

/** What a pipeline did from the end of the prompts to the last token. */
export interface PipelineRun {
  readonly seconds: number;
  readonly tokensPerSecond: number;
  /** How long each stage takes for one token, on average. */
  readonly stageSeconds: readonly number[];
  /** The share of the stages' time that was not spent computing. */
  readonly bubbleRatio: number;
}

/** Stages in processes of their own, through which several sequences go at once. */
export interface Pipeline extends AsyncDisposable {
  readonly processIds: readonly number[];
  /** The logits after the last of `tokens`, which begin a sequence anew. */
  logits(tokens: readonly number[]): Promise<Float32Array>;
  /** Decodes greedily, each sequence as fast as the stages let it. */
  run(load: PipelineLoad): Promise<PipelineRun>;
  close(): Promise<void>;
}

const indexes = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

function assertLoad(load: PipelineLoad, { setting }: Stages): void {
  for (const name of ["sequencesCount", "promptTokensCount", "tokensCount"] as const) assertCount(name, load[name], 1);
  assertHolds(setting, load.promptTokensCount + load.tokensCount);
  if (load.sequencesCount <= setting.sequencesCount) return;
  const message = `${load.sequencesCount} sequences were asked for and the stages hold ${setting.sequencesCount}. Start them with sequencesCount ${load.sequencesCount} or more.`;
  throw new EngineError("context-too-small", message, { facts: { ...load, limit: setting.sequencesCount } });
}

/** A prompt for one sequence, the same every time. */
function promptOf({ promptTokensCount }: PipelineLoad, sequenceIndex: number, vocabularyCount: number): number[] {
  return indexes(promptTokensCount).map((at) => (31 * at + 7 * sequenceIndex) % vocabularyCount);
}

/** Decodes one sequence after its prompt. */
async function decode(
  stages: Stages,
  { promptTokensCount, tokensCount }: PipelineLoad,
  sequence: {
    readonly index: number;
    readonly firstToken: number;
    readonly tell: (at: number, seconds: number) => void;
  },
): Promise<void> {
  let token = sequence.firstToken;
  for (const step of indexes(tokensCount)) {
    const rows = { sequenceIndex: sequence.index, startPosition: promptTokensCount + step, tokens: [token] };
    token = Number(await stages.pass({ ...rows, output: "token", tell: sequence.tell }));
  }
}

async function run(stages: Stages, load: PipelineLoad): Promise<PipelineRun> {
  const sequences = indexes(load.sequencesCount);
  const firstTokens = await Promise.all(
    sequences.map((sequenceIndex) => {
      const tokens = promptOf(load, sequenceIndex, stages.vocabularyCount);
      return stages.pass({ sequenceIndex, startPosition: 0, tokens, output: "token" });
    }),
  );
  const busySeconds = stages.processIds.map(() => 0);
  const tell = (at: number, seconds: number): void => {
    busySeconds[at] = (busySeconds[at] ?? 0) + seconds;
  };
  const startedAt = performance.now();
  await Promise.all(
    firstTokens.map((token, index) => decode(stages, load, { index, firstToken: Number(token), tell })),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const tokensCount = load.sequencesCount * load.tokensCount;
  return {
    seconds,
    tokensPerSecond: tokensCount / seconds,
    stageSeconds: busySeconds.map((busy) => busy / tokensCount),
    bubbleRatio: 1 - busySeconds.reduce((sum, busy) => sum + busy, 0) / (busySeconds.length * seconds),
  };
}

/**
 * Starts a pipeline: each stage in a process of its own, bound as its instance is planned. A stage computes for one sequence
 * while the next computes for another, so that p equal stages give up to p times the throughput of one process with the
 * threads of one of them. A single sequence gains nothing.
 * @throws {EngineError} `invalid-request`, `not-supported` for architectures that cannot be cut so, and as `startEngine`
 */
export async function startPipeline(
  spec: PipelineSpec,
  { instances }: Pick<LaunchPlan, "instances">,
): Promise<Pipeline> {
  const stages = await startStages(spec, instances);
  const close = (): Promise<void> => stages.close();
  return {
    processIds: stages.processIds,
    async logits(tokens) {
      assertCount("the length of tokens", tokens.length, 1);
      assertHolds(stages.setting, tokens.length);
      const bytes = await stages.pass({ sequenceIndex: 0, startPosition: 0, tokens, output: "logits" });
      const { buffer, byteOffset, byteLength } = bytes as Uint8Array;
      return new Float32Array(buffer, byteOffset, byteLength / Float32Array.BYTES_PER_ELEMENT);
    },
    async run(load) {
      assertLoad(load, stages);
      return run(stages, load);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
