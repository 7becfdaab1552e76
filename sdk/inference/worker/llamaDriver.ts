import { basename } from "node:path";
import { EngineError } from "../errors.ts";
import type { Driver } from "../protocol.ts";
import type { EngineSetting, ThreadPlacement } from "../setting.ts";
import { findComputeLibrary } from "./computeLibrary.ts";
import { assertKnownLibrary, assertStructs } from "./guards.ts";
import { openSession, type Session } from "./llamaSession.ts";
import { generateText, timeRequest } from "./llamaTiming.ts";
import { openLlama, openPool } from "./native.ts";
import { createThreadPools } from "./threadPool.ts";
import { openVocabulary } from "./vocabulary.ts";

/** Before each request: the threads it asked for, and an empty cache. */
function preparerOf(
  { llama, context }: Session,
  { computeLibrary, setting }: { readonly computeLibrary: string; readonly setting: EngineSetting },
): (threads: ThreadPlacement) => void {
  const poolFor = createThreadPools(openPool(computeLibrary, setting.librariesFolder), setting.pool);
  return (threads) => {
    const pool = poolFor(threads);
    llama.llama_attach_threadpool(context, pool, pool);
    llama.llama_set_n_threads(context, threads.threadsCount, threads.threadsCount);
    llama.llama_memory_clear(llama.llama_get_memory(context), false);
  };
}

/**
 * The driver that calls libllama directly, synchronously and with one persistent thread pool: the engine's own speed.
 * @throws {EngineError} `library-mismatch` when a guard fails, `model-load-failed`, `engine-missing`
 */
export function openLlamaDriver(setting: EngineSetting): Driver {
  assertKnownLibrary(setting.librariesFolder);
  const llama = openLlama(setting.librariesFolder);
  assertStructs(llama);
  const session = openSession(llama, setting);
  const computeLibrary = findComputeLibrary();
  if (computeLibrary === null) {
    throw new EngineError(
      "engine-missing",
      `${setting.librariesFolder} held no compute library for this CPU. Install node-llama-cpp again.`,
    );
  }
  const prepare = preparerOf(session, { computeLibrary, setting });
  return {
    facts: { driver: "llama", computeLibrary: basename(computeLibrary) },
    run(kind, request) {
      prepare(request.threads);
      return timeRequest(session, kind, request);
    },
    async generate(request) {
      const vocabulary = await openVocabulary(setting.modelPath);
      prepare(request.threads);
      return generateText(session, vocabulary, request);
    },
  };
}
