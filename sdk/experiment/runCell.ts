import type { Warning } from "../errors.ts";
import type { Engine, TokenTimeline } from "../inference/index.ts";
import { type BindingReport, verifyBinding } from "../launch/index.ts";
import { compareEnvironment, readEnvironment } from "../measure/index.ts";
import { cutShortWarnings, readBytesPerTokenOf, type Run, runId } from "../record/index.ts";
import { modelOf, type RunContext } from "./context.ts";
import type { Cell } from "./study.ts";
import type { Subject } from "./subject.ts";

/** One repetition of one cell. */
export interface Repetition {
  readonly cell: Cell;
  readonly repetitionIndex: number;
}

function specOf(cell: Cell, fallbackCpus: string): Run["spec"] {
  const { kind, threads, tokensCount, promptTokensCount = null, depthTokensCount } = cell;
  return {
    threadsCount: threads.threadsCount,
    cpus: threads.cpus ?? fallbackCpus,
    promptTokensCount: kind === "prefill" ? tokensCount : promptTokensCount,
    generatedTokensCount: kind === "prefill" ? null : tokensCount,
    depthTokensCount,
  };
}

/** Makes the request of a cell. */
export function timeCell(engine: Engine, cell: Cell): Promise<TokenTimeline> {
  const { kind, promptTokensCount = 0 } = cell;
  return kind === "reply" ? engine.reply({ ...cell, promptTokensCount }) : engine[kind](cell);
}

/** What a record keeps of an engine. */
function engineOf({ facts }: Engine): NonNullable<Run["engine"]> {
  const { driver, version, computeLibrary, outputDigest, setting, hasFlashAttention, engineWords } = facts;
  const { contextTokensCount, sequencesCount, useMmap, cache, flashAttention, pool } = setting;
  const { batchTokensCount, microBatchTokensCount } = setting;
  const sizes = { contextTokensCount, sequencesCount, batchTokensCount, microBatchTokensCount };
  return {
    driver,
    version,
    computeLibrary,
    outputDigest,
    setting: { ...sizes, useMmap, cache: { ...cache }, flashAttention, pool: { ...pool } },
    hasFlashAttention,
    words: engineWords === null ? null : { ...engineWords },
  };
}

/** The id that this repetition has, known before it runs. */
export function idOf(context: RunContext, subject: Subject, repetition: Repetition): string {
  const { cell, repetitionIndex } = repetition;
  return runId({
    study: context.study,
    kind: cell.kind,
    spec: specOf(cell, subject.instance.cpus),
    plan: { ...subject.instance, prefix: [...subject.instance.prefix] },
    model: modelOf(subject.model),
    repetitionIndex,
    topologyDigest: context.topologyDigest,
    engineDriver: subject.engine.facts.driver,
    engineDigest: context.software.engineDigest,
  });
}

function ceilingsOf(bandwidth: number | null, subject: Subject, cell: Cell): Run["ceilings"] {
  if (bandwidth === null) {
    return {
      bandwidthBytesPerSecond: null,
      decodeTokensPerSecond: null,
      source: "none",
      reason: "the bandwidth was not measured",
    };
  }
  const decodeTokensPerSecond = bandwidth / readBytesPerTokenOf(subject.model, specOf(cell, subject.instance.cpus));
  return { bandwidthBytesPerSecond: bandwidth, decodeTokensPerSecond, source: "measured", reason: null };
}

function bindingWarnings(binding: BindingReport): Warning[] {
  if (binding.state === "bound") return [];
  const message = `The binding was read back as ${binding.state}: ${binding.strayThreads.length} of ${binding.threadsCount} threads may run elsewhere${binding.reason === null ? "" : `, ${binding.reason}`}.`;
  return [
    { code: `binding-${binding.state}`, message, advice: "Install numactl, or allow CPU binding in this container." },
  ];
}

function recordedBinding(binding: BindingReport): NonNullable<Run["binding"]> {
  return {
    ...binding,
    strayThreads: [...binding.strayThreads],
    anonymousPagesByNode: { ...binding.anonymousPagesByNode },
  };
}

/** Measures one repetition: the timed request, what happened on the host meanwhile, and the binding read back after it. */
export async function runCell(
  context: RunContext,
  subject: Subject,
  work: Repetition & { readonly bandwidthBytesPerSecond: number | null },
): Promise<Run> {
  const { cell, repetitionIndex, bandwidthBytesPerSecond } = work;
  const { engine, instance, model } = subject;
  const startedAt = new Date().toISOString();
  const processIds = [engine.processId, process.pid];
  const before = readEnvironment({ processIds });
  const timeline = await timeCell(engine, cell);
  const { change, warnings } = compareEnvironment(before, readEnvironment({ processIds }));
  const binding = await verifyBinding(engine.processId, instance);
  const timed = {
    kind: cell.kind,
    spec: specOf(cell, instance.cpus),
    samples: { tokenSeconds: [...timeline.tokenSeconds], bytesPerSecond: null },
  };
  const found = [...engine.facts.warnings, ...warnings, ...cutShortWarnings(timed), ...bindingWarnings(binding)];
  return {
    ...timed,
    schema: "run/1",
    id: idOf(context, subject, work),
    origin: "measured",
    startedAt,
    study: context.study,
    repetitionIndex,
    randomSeed: context.randomSeed,
    plan: { ...instance, prefix: [...instance.prefix] },
    binding: recordedBinding(binding),
    topologyDigest: context.topologyDigest,
    machine: context.machine,
    model: modelOf(model),
    engine: engineOf(engine),
    software: context.software,
    environment: change,
    ceilings: ceilingsOf(bandwidthBytesPerSecond, subject, cell),
    warnings: found.map((warning) => ({ ...warning })),
  };
}
