import { createHash } from "node:crypto";
import type { Warning } from "../../errors.ts";
import { seededRandom } from "../../stats/index.ts";
import type { OutputCheck } from "../protocol.ts";
import { floatsAt } from "./batch.ts";
import { feed, type Session } from "./llamaSession.ts";
import { flawOf, topTokenOf } from "../logits.ts";

/** Enough to read every weight twice, once in a batch and once for single tokens; a large model needs seconds for more. */
const lengths = { prompt: 8, chosen: 4 };

/** The logits after each of a few greedily chosen tokens, which follow a prompt that is the same every time. */
function* greedyLogits(session: Session): Generator<Float32Array> {
  const { llama, context, vocabulary, contextTokensCount } = session;
  const random = seededRandom(1);
  const promptCount = Math.min(lengths.prompt, contextTokensCount);
  const chosenCount = Math.min(lengths.chosen, contextTokensCount - promptCount + 1);
  let tokens = Int32Array.from({ length: promptCount }, () => Math.floor(random() * vocabulary.tokensCount));
  for (let index = 0; index < chosenCount; index++) {
    feed(session, tokens);
    const pointer = llama.llama_get_logits_ith(context, -1);
    if (pointer === null) return;
    const logits = floatsAt(pointer, vocabulary.tokensCount);
    yield logits;
    tokens = Int32Array.of(topTokenOf(logits));
  }
}

function suspicion(flaw: string): Warning {
  return {
    code: "output-suspect",
    message: `After a fixed prompt ${flaw}: the model computes nothing that could be text.`,
    advice: "Its speed may be that of a broken computation. Check the model file, or compute with another library.",
  };
}

/** Computes a few tokens and says whether they could be text, with a digest that the same model and engine repeat. */
export function checkOutput(session: Session): OutputCheck {
  const hash = createHash("sha256");
  let count = 0;
  let flaw: string | null = null;
  for (const logits of greedyLogits(session)) {
    const token = topTokenOf(logits);
    hash.update(`${token} ${logits[token]?.toPrecision(2) ?? ""}\n`);
    flaw ??= flawOf(logits);
    count++;
  }
  return {
    outputDigest: count === 0 ? null : hash.digest("hex").slice(0, 16),
    warnings: flaw === null ? [] : [suspicion(flaw)],
  };
}
