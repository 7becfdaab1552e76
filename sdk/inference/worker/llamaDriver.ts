import { basename } from "node:path";
import type { CallLine, Driver } from "../protocol.ts";
import type { EngineSetting, ThreadPlacement } from "../setting.ts";
import { mapCancelFlag, type MappedCancelFlag } from "./cancelFlag.ts";
import { loadComputeLibrary, readInstructionSets } from "./computeLibrary.ts";
import { assertKnownLibrary, assertStructs } from "./guards.ts";
import { runBatching } from "./llamaBatching.ts";
import { timeBatch } from "./llamaBatch.ts";
import { formatChat } from "./llamaChat.ts";
import { embedTexts } from "./llamaEmbedding.ts";
import { profileLayers } from "./llamaProfile.ts";
import { scoreDistributions, scoreProbabilities } from "./llamaScoring.ts";
import { openSession, type Session } from "./llamaSession.ts";
import { generateText } from "./llamaText.ts";
import { stageOf } from "./llamaStage.ts";
import { timeDecode, timePrefill, timeReply } from "./llamaTiming.ts";
import { openLlama, openPool, readBuild } from "./native.ts";
import { checkOutput } from "./outputCheck.ts";
import { createThreadPools } from "./threadPool.ts";

/** What a request is prepared with. */
interface Preparation {
  readonly computeLibrary: string;
  readonly setting: EngineSetting;
  readonly cancelFlag: MappedCancelFlag;
}

/** Before each request: the threads it asked for, an empty cache, and no cancellation. */
function preparerOf({
  computeLibrary,
  setting,
  cancelFlag,
}: Preparation): (session: Session, threads: ThreadPlacement) => void {
  const poolFor = createThreadPools(openPool(computeLibrary, setting.librariesFolder), setting.pool);
  return ({ llama, context }, threads) => {
    cancelFlag.clear();
    llama.llama_set_abort_callback(context, cancelFlag.isSet, cancelFlag.address);
    const pool = poolFor(threads);
    llama.llama_attach_threadpool(context, pool, pool);
    llama.llama_set_n_threads(context, threads.threadsCount, threads.threadsCount);
    llama.llama_memory_clear(llama.llama_get_memory(context), false);
  };
}

function factsOf(
  session: Session,
  { computeLibrary, setting }: Pick<Preparation, "computeLibrary" | "setting">,
): Driver["facts"] {
  return {
    driver: "llama",
    computeLibrary: basename(computeLibrary),
    instructionSets: readInstructionSets(session.llama),
    hasFlashAttention: session.hasFlashAttention,
    engineWords: { ...session.words, ...readBuild(setting.librariesFolder) },
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
  const prepare = preparerOf({ computeLibrary, setting, cancelFlag: mapCancelFlag() });
  const prepared =
    <Request extends { readonly threads: ThreadPlacement }, Result>(
      compute: (session: Session, request: Request, line: CallLine) => Result,
    ) =>
    (request: Request, line: CallLine): Result => {
      prepare(session, request.threads);
      return compute(session, request, line);
    };
  return {
    facts: factsOf(session, { computeLibrary, setting }),
    checkOutput() {
      prepare(session, setting.threads);
      return checkOutput(session);
    },
    calls: {
      prefill: prepared(timePrefill),
      decode: prepared(timeDecode),
      reply: prepared(timeReply),
      decodeBatch: prepared(timeBatch),
      profile: (request) => profileLayers(session, request, { setting, prepare }),
      batch: prepared(runBatching),
      generate: prepared(generateText),
      logProbabilities: prepared(scoreProbabilities),
      distributions: prepared(scoreDistributions),
      embed: prepared(embedTexts),
      computeStage: stageOf(session, setting.librariesFolder),
      formatChat: (request) => formatChat(session, request),
      tokenize: ({ text }) => [...session.vocabulary.tokenize(text, { special: false })],
    },
  };
}
