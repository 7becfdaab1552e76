import type { Tensor as Value } from "onnxruntime-node";
import { EngineError } from "../errors.ts";
import type { Values } from "./onnxGraph.ts";
import type { TextTokens } from "./onnxText.ts";
import type { TokenGraph } from "./tokenGraph.ts";

/** What of the outputs is a vector for each text or for each token, by the names that exports give it. */
function statesOf(outputs: Values): Value {
  const states = outputs["sentence_embedding"] ?? outputs["last_hidden_state"] ?? outputs["token_embeddings"];
  if (states?.type === "float32") return states;
  const message = `The graph gives ${Object.keys(outputs).join(", ")}; a vector of a text needs last_hidden_state in float32. Use an encoder.`;
  throw new EngineError("not-supported", message);
}

/** The mean of vectors that lie one after the other. */
function meanOf(vectors: Float32Array, size: number): number[] {
  const count = vectors.length / size;
  return Array.from({ length: size }, (_, at) => {
    let sum = 0;
    for (let index = 0; index < count; index++) sum += vectors[index * size + at] ?? 0;
    return sum / count;
  });
}

/** The vector of each text: the mean over those of its tokens, where there is one for each token. */
function pool({ dims, data }: Value, texts: readonly (readonly number[])[]): number[][] {
  const size = dims.at(-1) ?? 0;
  const rowLength = dims.slice(1).reduce((product, length) => product * length, 1);
  return texts.map((tokens, row) => {
    const vectors = (data as Float32Array).subarray(row * rowLength, (row + 1) * rowLength);
    return meanOf(dims.length === 3 ? vectors.subarray(0, tokens.length * size) : vectors, size);
  });
}

/** As many tokens as the model was trained with; the last one, which ends every text, stays. */
function cut(tokens: readonly number[], mostCount: number): readonly number[] {
  return tokens.length <= mostCount ? tokens : [...tokens.slice(0, mostCount - 1), ...tokens.slice(-1)];
}

/** How many texts are computed together. */
const groupLength = 32;

/**
 * The vector of each text.
 * @throws {EngineError} `not-supported` for a graph that gives no vectors
 */
export async function embedTexts(
  graph: TokenGraph,
  tokenizer: TextTokens,
  texts: readonly string[],
): Promise<readonly number[][]> {
  const tokens = texts.map((text) => cut(tokenizer.encode(text), tokenizer.mostTokensCount));
  const length = graph.hasMask && !graph.hasCache ? groupLength : 1;
  const vectors: number[][] = [];
  for (let start = 0; start < tokens.length; start += length) {
    const group = tokens.slice(start, start + length);
    graph.clear();
    vectors.push(...pool(statesOf(await graph.feed(group)), group));
  }
  return vectors;
}
