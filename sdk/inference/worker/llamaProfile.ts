import { medianOf } from "../../stats/index.ts";
import { EngineError } from "../errors.ts";
import { type LayerProfile, partTimesOf, type ProfileRequest, type Segment, segmentsOf } from "../layerProfile.ts";
import type { EngineSetting, ThreadPlacement } from "../setting.ts";
import { type EvaluationObserver, observeEvaluation, openTensorNames } from "./evaluation.ts";
import { contextParamsOf, feed, randomTokens, type Session } from "./llamaSession.ts";

/** A second context on the same weights whose graphs can be watched. */
interface WatchedSession extends Session, Disposable {
  watch(observer: EvaluationObserver, compute: () => void): void;
}

const blind: EvaluationObserver = { isWanted: () => false, take: () => undefined };

function openWatched(session: Session, setting: EngineSetting): WatchedSession {
  const { llama, model } = session;
  let observer = blind;
  const evaluation = observeEvaluation({
    isWanted: (tensor) => observer.isWanted(tensor),
    take: (tensor) => {
      observer.take(tensor);
    },
  });
  const params = contextParamsOf(llama, { ...setting, sequencesCount: 1 });
  const context = llama.llama_init_from_model(model, { ...params, cb_eval: evaluation.callback });
  if (context === null) {
    evaluation[Symbol.dispose]();
    const message = `No second context of ${setting.contextTokensCount} tokens could be made for the profile. Ask for a smaller one.`;
    throw new EngineError("model-load-failed", message, { facts: { contextTokensCount: setting.contextTokensCount } });
  }
  return {
    ...session,
    context,
    watch(watching, compute) {
      observer = watching;
      compute();
      observer = blind;
    },
    [Symbol.dispose]() {
      llama.llama_free(context);
      evaluation[Symbol.dispose]();
    },
  };
}

/** Runs after the tokens of the depth; the seconds of each. */
function timeRuns(session: Session, request: ProfileRequest, run: (compute: () => void) => void): number[] {
  const { kind, tokensCount, depthTokensCount } = request;
  feed(session, randomTokens(session, depthTokensCount));
  return Array.from({ length: kind === "prefill" ? 1 : tokensCount }, () => {
    const tokens = randomTokens(session, kind === "prefill" ? tokensCount : 1);
    const startedAt = performance.now();
    run(() => {
      feed(session, tokens);
    });
    return (performance.now() - startedAt) / 1000;
  });
}

/** The names of the nodes of one run, in the order of their computation. */
function readNames(session: WatchedSession, request: ProfileRequest, nameOf: (tensor: unknown) => string): string[] {
  const names: string[] = [];
  const naming = {
    ...blind,
    isWanted: (tensor: unknown) => {
      names.push(nameOf(tensor));
      return false;
    },
  };
  const once = request.kind === "prefill" ? request : { ...request, tokensCount: 1 };
  timeRuns(session, once, (compute) => {
    session.watch(naming, compute);
  });
  return names;
}

/** What adds up the seconds of each segment over all watched runs. */
interface SegmentClock {
  readonly segmentSeconds: number[];
  /** @throws {EngineError} `decode-failed` when the graph of the run has other nodes than the segments */
  time(session: WatchedSession, compute: () => void): void;
}

function createClock(segments: readonly Segment[]): SegmentClock {
  const segmentSeconds = new Array<number>(segments.length).fill(0);
  const isLast = segments.flatMap(({ nodesCount }) =>
    Array.from({ length: nodesCount }, (_, at) => at + 1 === nodesCount),
  );
  return {
    segmentSeconds,
    time(session, compute) {
      let nodeIndex = 0;
      let segmentIndex = 0;
      let startedAt = 0;
      const isWanted = (): boolean => {
        startedAt = performance.now();
        return isLast[nodeIndex++] ?? false;
      };
      const take = (): void => {
        segmentSeconds[segmentIndex] = (segmentSeconds[segmentIndex] ?? 0) + (performance.now() - startedAt) / 1000;
        segmentIndex++;
      };
      session.watch({ isWanted, take }, compute);
      if (nodeIndex === isLast.length) return;
      const message = `The graph had ${isLast.length} nodes at first and ${nodeIndex} later. Profile other work.`;
      throw new EngineError("decode-failed", message, { facts: { expected: isLast.length, found: nodeIndex } });
    },
  };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/**
 * Profiles each part of each layer, in rounds that do the same work without the profile first.
 * @throws {EngineError} `decode-failed`, `aborted`, `model-load-failed`
 */
export function profileLayers(
  session: Session,
  request: ProfileRequest,
  {
    setting,
    prepare,
  }: { readonly setting: EngineSetting; readonly prepare: (session: Session, threads: ThreadPlacement) => void },
): LayerProfile {
  using watched = openWatched(session, setting);
  prepare(watched, request.threads);
  const segments = segmentsOf(readNames(watched, request, openTensorNames(setting.librariesFolder)));
  const clock = createClock(segments);
  const rounds = Array.from({ length: request.roundsCount }, () => {
    prepare(session, request.threads);
    const plain = timeRuns(session, request, (compute) => {
      compute();
    });
    prepare(watched, request.threads);
    const profiled = timeRuns(watched, request, (compute) => {
      clock.time(watched, compute);
    });
    return { profiled, slowdownRatio: sumOf(profiled) / sumOf(plain) };
  });
  const runs = rounds.flatMap(({ profiled }) => profiled);
  const runSeconds = sumOf(runs) / runs.length;
  const segmentSeconds = clock.segmentSeconds.map((seconds) => seconds / runs.length);
  return {
    ...request,
    runsCount: runs.length,
    runSeconds,
    overheadSeconds: runSeconds - sumOf(segmentSeconds),
    slowdownRatio: medianOf(rounds.map((round) => round.slowdownRatio)),
    parts: partTimesOf(segments, segmentSeconds, runSeconds),
  };
}
