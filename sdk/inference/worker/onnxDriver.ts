import { EngineError } from "../errors.ts";
import type { Driver, TimedRequest } from "../protocol.ts";
import { planSessionSetting } from "../sessionSetting.ts";
import { defaultSetting, type EngineSetting, type ThreadPlacement } from "../setting.ts";
import type { TokenTimeline } from "../timeline.ts";
import { assertFixedChoices } from "./fixedChoices.ts";
import { loadGraph, type LoadedGraph } from "./onnxGraph.ts";
import { embedTexts } from "./onnxEmbedding.ts";
import { generateGreedily, openTextTokens, type TextTokens } from "./onnxText.ts";
import { type TokenGraph, tokenGraphOf } from "./tokenGraph.ts";

/** Gives the graph with so many threads. */
type GraphFor = (threads: ThreadPlacement) => Promise<TokenGraph>;

/** A graph has its threads from the time when it is loaded: for others it is loaded anew. */
async function createGraphs({ modelPath, threads, useMmap }: EngineSetting): Promise<GraphFor> {
  const load = ({ threadsCount, cpus }: ThreadPlacement): Promise<LoadedGraph> => {
    const spec = { model: modelPath, isPrepacked: !useMmap, isStrict: cpus !== null };
    return loadGraph(planSessionSetting(spec, { cpus: cpus ?? "", threadsCount }), null);
  };
  let { threadsCount, cpus } = threads;
  let loaded = await load(threads);
  let graph = tokenGraphOf(loaded);
  return async (wanted) => {
    if (wanted.threadsCount !== threadsCount || wanted.cpus !== cpus) {
      await loaded.release();
      loaded = await load(wanted);
      graph = tokenGraphOf(loaded);
      ({ threadsCount, cpus } = wanted);
    }
    return graph;
  };
}

/** Small numbers, which every vocabulary has as tokens. */
const timedTokens = (count: number): number[] => Array.from({ length: count }, (_, index) => 1 + (index % 100));

async function timeTokens(
  graph: TokenGraph,
  kind: TokenTimeline["kind"],
  { tokensCount, depthTokensCount, threads, maximumSeconds }: TimedRequest,
): Promise<TokenTimeline> {
  if (!graph.hasCache && (kind === "decode" || depthTokensCount > 0)) {
    const message =
      "The graph takes no past_key_values, so that no token follows another. Time its prefill, from empty.";
    throw new EngineError("not-supported", message);
  }
  graph.clear();
  if (depthTokensCount > 0) await graph.feed([timedTokens(depthTokensCount)]);
  const pieces = kind === "prefill" ? [timedTokens(tokensCount)] : timedTokens(tokensCount).map((token) => [token]);
  const tokenSeconds: number[] = [];
  const startedAt = performance.now();
  for (const piece of pieces) {
    await graph.feed([piece]);
    tokenSeconds.push((performance.now() - startedAt) / 1000);
    if ((tokenSeconds.at(-1) ?? 0) > maximumSeconds) break;
  }
  const doneTokensCount = kind === "prefill" ? tokensCount : tokenSeconds.length;
  return { kind, threadsCount: threads.threadsCount, depthTokensCount, tokensCount: doneTokensCount, tokenSeconds };
}

/**
 * The driver that runs encoders, and decoders with a cache, in onnxruntime.
 * @throws {EngineError} `model-load-failed`, `not-supported` for a graph that takes no tokens
 */
export async function openOnnxDriver(setting: EngineSetting): Promise<Driver> {
  // Of the pool's choices it heeds this one.
  assertFixedChoices({ ...setting, pool: { ...setting.pool, isStrict: defaultSetting.pool.isStrict } }, "onnx");
  const graphFor = await createGraphs(setting);
  let opened: Promise<TextTokens> | null = null;
  const textTokens = (): Promise<TextTokens> => (opened ??= openTextTokens(setting.modelPath));
  return {
    facts: { driver: "onnx", computeLibrary: null, instructionSets: null, hasFlashAttention: null, engineWords: null },
    checkOutput: () => ({ outputDigest: null, warnings: [] }),
    calls: {
      prefill: async (request) => timeTokens(await graphFor(request.threads), "prefill", request),
      decode: async (request) => timeTokens(await graphFor(request.threads), "decode", request),
      generate: async (request) => generateGreedily(await graphFor(request.threads), await textTokens(), request),
      embed: async ({ texts, threads }) => embedTexts(await graphFor(threads), await textTokens(), texts),
      tokenize: async ({ text }) => (await textTokens()).encode(text),
    },
  };
}
