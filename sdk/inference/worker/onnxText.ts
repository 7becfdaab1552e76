import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Tensor as Value } from "onnxruntime-node";
import { EngineError } from "../errors.ts";
import type { Generation, TextRequest } from "../protocol.ts";
import type { TokenGraph } from "./tokenGraph.ts";

/** Text to tokens and back, and the tokens that end a text. */
export interface TextTokens {
  encode(text: string): number[];
  decode(tokens: readonly number[]): string;
  readonly endTokens: readonly number[];
  /** How many tokens of a text the model was trained with; Infinity where nothing says it. */
  readonly mostTokensCount: number;
}

/** What is read of tokenizer.json beside what the library reads. */
interface TokenizerDescription {
  readonly truncation?: { readonly max_length?: number } | null;
}

/** What is read of tokenizer_config.json beside what the library reads. */
interface TokenizerConfig {
  readonly model_max_length?: number;
}

/** What is used of the tokenizer library, whose own types name files without their endings. */
interface TokenizerLibrary {
  readonly Tokenizer: new (description: unknown, config: unknown) => Tokenizer;
}

interface Tokenizer {
  encode(text: string): { readonly ids: number[] };
  decode(tokens: number[], options: { readonly skip_special_tokens: boolean }): string;
}

/** A file of the model's folder, or of the folder above, where exports of several precisions share it. */
function readBeside(modelPath: string, name: string): unknown {
  const folder = dirname(modelPath);
  const path = [folder, dirname(folder)].map((one) => join(one, name)).find(existsSync);
  return path === undefined ? null : JSON.parse(readFileSync(path, "utf8"));
}

async function createTokenizer(modelPath: string, description: unknown, config: unknown): Promise<Tokenizer> {
  const library: unknown = await import("@huggingface/tokenizers");
  const { Tokenizer } = library as TokenizerLibrary;
  try {
    return new Tokenizer(description, config);
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    const message = `The tokenizer.json beside ${modelPath} cannot be used: ${words}. Put the model's own there.`;
    throw new EngineError("not-supported", message, { cause, facts: { path: modelPath } });
  }
}

/**
 * The tokenizer that lies beside a model.
 * @throws {EngineError} `not-supported` where there is none that can be used
 */
export async function openTextTokens(modelPath: string): Promise<TextTokens> {
  const description = readBeside(modelPath, "tokenizer.json") as TokenizerDescription | null;
  if (description === null) {
    const message = `No tokenizer.json lies beside ${modelPath}, so that it takes no text. Put the model's own there.`;
    throw new EngineError("not-supported", message, { facts: { path: modelPath } });
  }
  const tokenizerConfig = (readBeside(modelPath, "tokenizer_config.json") ?? {}) as TokenizerConfig;
  const tokenizer = await createTokenizer(modelPath, description, tokenizerConfig);
  const config = readBeside(modelPath, "config.json") as { readonly eos_token_id?: number | readonly number[] } | null;
  return {
    encode: (text) => tokenizer.encode(text).ids,
    decode: (tokens) => tokenizer.decode([...tokens], { skip_special_tokens: true }),
    endTokens: [config?.eos_token_id ?? []].flat(),
    mostTokensCount: description.truncation?.max_length ?? tokenizerConfig.model_max_length ?? Infinity,
  };
}

/** The most probable token after the last one. */
function greedyTokenOf({ dims, data }: Value): number {
  const scores = (data as Float32Array).subarray(-(dims.at(-1) ?? 0));
  let best = 0;
  scores.forEach((score, token) => {
    if (score > (scores[best] ?? 0)) best = token;
  });
  return best;
}

function assertGreedy({ sampling, isStreamed, stopTexts }: TextRequest): void {
  if (sampling.temperature === 0 && !isStreamed && stopTexts.length === 0) return;
  const message =
    "The driver onnx always takes the most probable token, writes no text piece by piece and knows no stop texts. Ask without these.";
  throw new EngineError("not-supported", message);
}

/** Writes the most probable text after a prompt. */
export async function generateGreedily(graph: TokenGraph, text: TextTokens, request: TextRequest): Promise<Generation> {
  assertGreedy(request);
  const prompt = text.encode(request.prompt);
  const tokens: number[] = [];
  const tokenSeconds: number[] = [];
  const startedAt = performance.now();
  graph.clear();
  let fed = prompt;
  let isEnded = false;
  while (tokens.length < request.maximumTokensCount) {
    const { logits } = await graph.feed([fed]);
    const token = greedyTokenOf(logits as Value);
    isEnded = text.endTokens.includes(token);
    if (isEnded) break;
    tokens.push(token);
    tokenSeconds.push((performance.now() - startedAt) / 1000);
    fed = [token];
  }
  return {
    text: text.decode(tokens),
    tokens,
    promptTokensCount: prompt.length,
    stopReason: isEnded ? "end-token" : "maximum-tokens",
    timeline: {
      kind: "decode",
      threadsCount: request.threads.threadsCount,
      depthTokensCount: prompt.length,
      tokensCount: tokens.length,
      tokenSeconds,
      samplerSeconds: null,
    },
  };
}
