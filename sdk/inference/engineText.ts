import type { Channel } from "./channel.ts";
import { EngineError } from "./errors.ts";
import type { ChatMessage, Generation, TextRequest, WorkerCalls } from "./protocol.ts";
import { assertCount, assertThreads } from "./request.ts";
import { planSampling, type Sampling } from "./sampling.ts";
import type { EngineSetting, ThreadPlacement } from "./setting.ts";

/** How a text is written; everything may be left out. */
export interface TextOptions extends Partial<Pick<TextRequest, "maximumTokensCount" | "stopTexts" | "threads">> {
  /** Default: always the most probable token. */
  readonly sampling?: Partial<Sampling>;
  /** Ends the text within one token, and while the prompt is read; what was written is kept. */
  readonly signal?: AbortSignal;
}

/** How a text becomes a vector. */
export interface EmbeddingOptions {
  /** Whether the vector is scaled to the length 1, so that a dot product of two is their cosine. Default false. */
  readonly isNormalized?: boolean;
  readonly threads?: ThreadPlacement;
}

/** Text out of a model, and out of text its tokens and its vector. */
export interface EngineText {
  /**
   * The prompt that the model's own template makes of a conversation, up to where its answer begins; for `generate`.
   * @throws {EngineError} `not-supported` when the model has no template, or one of a form that llama.cpp does not know
   */
  formatChat(messages: readonly ChatMessage[], options?: { readonly isAnswered?: boolean }): Promise<string>;
  /** The model's answer in a conversation: `generate` after `formatChat`. */
  chat(messages: readonly ChatMessage[], options?: TextOptions): Promise<Generation>;
  /** The tokens of a text, after those that the model begins every text with. */
  tokenize(text: string): Promise<readonly number[]>;
  /** The vector of a text, pooled as the model says; that of its last token when the model says nothing. */
  embed(text: string, options?: EmbeddingOptions): Promise<readonly number[]>;
  /** The vector of each text. An encoder of onnxruntime computes 32 of them together; texts of like length suit it best. */
  embedTexts(texts: readonly string[], options?: EmbeddingOptions): Promise<readonly (readonly number[])[]>;
  /** The text after a prompt: at most `maximumTokensCount` tokens (default 64), up to an end token or a stop text. */
  generate(prompt: string, options?: TextOptions): Promise<Generation>;
  /** The same text piece by piece, as soon as it is certain; returns the whole. Leaving the loop ends the writing. */
  stream(prompt: string, options?: TextOptions): AsyncGenerator<string, Generation, undefined>;
}

function planText(prompt: string, options: TextOptions, setting: EngineSetting): Omit<TextRequest, "isStreamed"> {
  const { maximumTokensCount = 64, stopTexts = [], threads = setting.threads } = options;
  assertCount("maximumTokensCount", maximumTokensCount, 1);
  stopTexts.forEach(({ length }, index) => {
    assertCount(`the length of stopTexts[${index}]`, length, 1);
  });
  assertThreads(threads, setting);
  return { prompt, maximumTokensCount, stopTexts, sampling: planSampling(options.sampling), threads };
}

/** Native code reads both as C texts. */
function assertMessages(messages: readonly ChatMessage[]): void {
  assertCount("the length of messages", messages.length, 1);
  for (const { role, content } of messages) {
    if (typeof role === "string" && typeof content === "string" && role !== "" && !`${role}${content}`.includes("\0"))
      continue;
    const message = "A message has a role and a content, both texts without a zero character. Pass such.";
    throw new EngineError("invalid-request", message, { facts: { role, content } });
  }
}

/** A vector scaled to the length 1. */
function normalize(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => (length === 0 ? 0 : value / length));
}

/** The texts of the engine at the other end of `channel`. */
export function textOf(channel: Channel<WorkerCalls>, setting: EngineSetting): EngineText {
  async function* stream(prompt: string, options: TextOptions = {}): AsyncGenerator<string, Generation, undefined> {
    const request = { ...planText(prompt, options, setting), isStreamed: true };
    return yield* channel.stream<"generate", string>("generate", request, options.signal);
  }
  const formatChat: EngineText["formatChat"] = async (messages, { isAnswered = true } = {}) => {
    assertMessages(messages);
    return channel.ask("formatChat", { messages, isAnswered });
  };
  const generate: EngineText["generate"] = async (prompt, options = {}) => {
    if (options.signal === undefined) {
      return channel.ask("generate", { ...planText(prompt, options, setting), isStreamed: false });
    }
    const pieces = stream(prompt, options);
    for (;;) {
      const { done, value } = await pieces.next();
      if (done === true) return value;
    }
  };
  const embedTexts: EngineText["embedTexts"] = async (texts, options = {}) => {
    const { isNormalized = false, threads = setting.threads } = options;
    assertThreads(threads, setting);
    const vectors = await channel.ask("embed", { texts, threads });
    return isNormalized ? vectors.map(normalize) : vectors;
  };
  return {
    tokenize: (text) => channel.ask("tokenize", { text }),
    embed: async (text, options) => (await embedTexts([text], options))[0] ?? [],
    embedTexts,
    formatChat,
    chat: async (messages, options) => generate(await formatChat(messages), options),
    stream,
    generate,
  };
}
