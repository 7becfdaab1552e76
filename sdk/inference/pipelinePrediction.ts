import { EngineError } from "./errors.ts";

/** What a pipeline gives, by its stages' times alone. */
export interface PipelinePrediction {
  /** Until all batches have gone through every stage once, with nothing in the pipeline before. */
  readonly seconds: number;
  /** Of one batch through all stages. */
  readonly latencySeconds: number;
  readonly batchesPerSecond: number;
  /** The share of the stages' time that is spent waiting: (p − 1) / (m + p − 1) for p equal stages and m batches. */
  readonly bubbleRatio: number;
  /**
   * When each batch goes in again as soon as it came out, as sequences that are decoded do: bound by the slowest stage, or by
   * the way through all stages where there are fewer batches than keep them busy.
   */
  readonly steadyBatchesPerSecond: number;
}

/**
 * What a pipeline gives whose stages take so long for a batch, when no time is lost between them.
 * @throws {EngineError} `invalid-request` for times that are not above 0, or no batch
 */
export function predictPipeline(stageSeconds: readonly number[], batchesCount: number): PipelinePrediction {
  const isSound = stageSeconds.length > 0 && stageSeconds.every((seconds) => seconds > 0 && seconds < Infinity);
  if (!isSound || !Number.isInteger(batchesCount) || batchesCount < 1) {
    const message = `The stages take ${stageSeconds.join(", ") || "nothing"} seconds for each of ${batchesCount} batches; needed times above 0 and one batch at least. Pass such.`;
    throw new EngineError("invalid-request", message, { facts: { stageSeconds, batchesCount } });
  }
  const latencySeconds = stageSeconds.reduce((sum, seconds) => sum + seconds, 0);
  const slowestSeconds = Math.max(...stageSeconds);
  const seconds = latencySeconds + (batchesCount - 1) * slowestSeconds;
  return {
    seconds,
    latencySeconds,
    batchesPerSecond: batchesCount / seconds,
    bubbleRatio: 1 - (batchesCount * latencySeconds) / (stageSeconds.length * seconds),
    steadyBatchesPerSecond: Math.min(1 / slowestSeconds, batchesCount / latencySeconds),
  };
}
