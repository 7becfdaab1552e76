import { basename } from "node:path";
import type { CallLine, Driver } from "../protocol.ts";
import type { EngineSetting, ThreadPlacement } from "../setting.ts";
import { loadComputeLibrary, readInstructionSets } from "./computeLibrary.ts";
import { assertKnownLibrary, assertStructs } from "./guards.ts";
import { runBatching } from "./llamaBatching.ts";
import { timeBatch } from "./llamaBatch.ts";
import { embedText } from "./llamaEmbedding.ts";
import { scoreDistributions, scoreProbabilities } from "./llamaScoring.ts";
import { openSession, type Session } from "./llamaSession.ts";
import { generateText } from "./llamaText.ts";
import { timeDecode, timePrefill } from "./llamaTiming.ts";
import { openLlama, openPool } from "./native.ts";
import { checkOutput } from "./outputCheck.ts";
import { createThreadPools } from "./threadPool.ts";

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
 * @throws {EngineError} `library-mismatch` when a guard fails, `model-load-failed`, `engine-missing`, `not-supported`
 */
export function openLlamaDriver(setting: EngineSetting): Driver {
  assertKnownLibrary(setting.librariesFolder);
  const llama = openLlama(setting.librariesFolder);
  assertStructs(llama);
  const computeLibrary = loadComputeLibrary(llama, setting);
  const session = openSession(llama, setting);
  const prepare = preparerOf(session, { computeLibrary, setting });
  const prepared =
    <Request extends { readonly threads: ThreadPlacement }, Result>(
      compute: (session: Session, request: Request, line: CallLine) => Result,
    ) =>
    (request: Request, line: CallLine): Result => {
      prepare(request.threads);
      return compute(session, request, line);
    };
  return {
    facts: {
      driver: "llama",
      computeLibrary: basename(computeLibrary),
      instructionSets: readInstructionSets(llama),
    },
    checkOutput() {
      prepare(setting.threads);
      return checkOutput(session);
    },
    calls: {
      prefill: prepared(timePrefill),
      decode: prepared(timeDecode),
      decodeBatch: prepared(timeBatch),
      batch: prepared(runBatching),
      generate: prepared(generateText),
      logProbabilities: prepared(scoreProbabilities),
      distributions: prepared(scoreDistributions),
      embed: prepared(embedText),
      tokenize: ({ text }) => [...session.vocabulary.tokenize(text, { special: false })],
    },
  };
}
