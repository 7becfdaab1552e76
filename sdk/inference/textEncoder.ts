import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tensor } from "../onnx/index.ts";
import { float32Of, tensorOf } from "../onnx/index.ts";
import { EngineError } from "./errors.ts";
import type { EmbeddingOptions } from "./engineText.ts";
import { normalize } from "./engineText.ts";
import type { SessionFacts, SessionPlan } from "./session.ts";
import { startSession } from "./session.ts";

/** An encoder in ONNX with its tokenizer: vectors out of texts. */
export interface TextEncoder extends AsyncDisposable {
  readonly facts: SessionFacts;
  /** The tokens of a text with those that begin and end it, cut to as many as the tokenizer allows. */
  tokenize(text: string): readonly number[];
  /** The vector of each text: the mean of its tokens' last states. */
  embed(texts: readonly string[], options?: Pick<EmbeddingOptions, "isNormalized">): Promise<readonly number[][]>;
  close(): Promise<void>;
}

/** What the two files of a tokenizer say, as far as it is read here. */
interface TokenizerFiles {
  readonly tokenizer: { readonly truncation?: { readonly max_length?: number } | null };
  readonly config: { readonly model_max_length?: number };
}

/** What is used of the library, whose own types do not resolve in a module. */
interface TokenizerLibrary {
  readonly Tokenizer: new (
    tokenizer: object,
    config: object,
  ) => { readonly encode: (text: string) => { readonly ids: readonly number[] } };
}

const statesName = "last_hidden_state";

async function readTokenizerFiles(folder: string): Promise<TokenizerFiles> {
  try {
    const read = async (name: string) => JSON.parse(await readFile(join(folder, name), "utf8")) as object;
    return { tokenizer: await read("tokenizer.json"), config: await read("tokenizer_config.json") };
  } catch (cause) {
    const message = `${folder} gives no tokenizer: ${String(cause)}. Put tokenizer.json and tokenizer_config.json there.`;
    throw new EngineError("model-load-failed", message, { facts: { folder }, cause });
  }
}

/** A function from text to tokens. */
async function readTokenizer(folder: string): Promise<(text: string) => readonly number[]> {
  const files = await readTokenizerFiles(folder);
  const { Tokenizer } = (await import("@huggingface/tokenizers")) as TokenizerLibrary;
  const tokenizer = new Tokenizer(files.tokenizer, files.config);
  const mostCount = files.tokenizer.truncation?.max_length ?? files.config.model_max_length ?? Infinity;
  return (text) => {
    const { ids } = tokenizer.encode(text);
    // The last token ends every text.
    return ids.length <= mostCount ? ids : [...ids.slice(0, mostCount - 1), ...ids.slice(-1)];
  };
}

/** The inputs of one run for texts of different lengths: each is filled up with tokens that do not count. */
function feedsOf(texts: readonly (readonly number[])[]): readonly Tensor[] {
  const longestCount = Math.max(...texts.map(({ length }) => length));
  const table = (name: string, valueOf: (token: number | undefined) => number) => {
    const rows = texts.flatMap((tokens) =>
      Array.from({ length: longestCount }, (_, at) => BigInt(valueOf(tokens[at]))),
    );
    return tensorOf(name, BigInt64Array.from(rows), [texts.length, longestCount]);
  };
  return [
    table("input_ids", (token) => token ?? 0),
    table("attention_mask", (token) => (token === undefined ? 0 : 1)),
    table("token_type_ids", () => 0),
  ];
}

/** The mean of each text's states over its tokens. */
function pool(states: Tensor, texts: readonly (readonly number[])[]): number[][] {
  const [, longestCount = 0, width = 0] = states.dimensions;
  const values = float32Of(states);
  return texts.map((tokens, text) => {
    const sums = new Array<number>(width).fill(0);
    for (let at = 0; at < tokens.length * width; at++) {
      sums[at % width] = (sums[at % width] ?? 0) + (values[text * longestCount * width + at] ?? 0);
    }
    return sums.map((sum) => sum / tokens.length);
  });
}

function assertEncoder({ outputs }: SessionFacts): void {
  if (outputs.some(({ name }) => name === statesName)) return;
  const names = outputs.map(({ name }) => name).join(", ");
  const message = `The graph gives ${names}; needed ${statesName}. Export the encoder with it.`;
  throw new EngineError("not-supported", message, { facts: { outputs: names } });
}

/**
 * Starts an encoder in a process of its own. Its tokenizer lies in a folder, as tokenizer.json and tokenizer_config.json.
 * @throws {EngineError} `model-load-failed`, `not-supported`, `worker-died`
 */
export async function startTextEncoder(
  plan: SessionPlan,
  options: { readonly tokenizerFolder: string; readonly signal?: AbortSignal },
): Promise<TextEncoder> {
  const tokenize = await readTokenizer(options.tokenizerFolder);
  const session = await startSession(plan, options);
  const close = (): Promise<void> => session.close();
  try {
    assertEncoder(session.facts);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    facts: session.facts,
    tokenize,
    async embed(texts, { isNormalized = false } = {}) {
      if (texts.length === 0) return [];
      const tokens = texts.map(tokenize);
      const feeds = feedsOf(tokens).filter(({ name }) => session.facts.inputs.some((input) => input.name === name));
      const [states] = await session.run(feeds, [statesName]);
      const vectors = states === undefined ? [] : pool(states, tokens);
      return isNormalized ? vectors.map(normalize) : vectors;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
