import type { Token } from "node-llama-cpp";

/** Text to tokens and back, by the model file's own vocabulary. */
export interface Vocabulary {
  tokenize(text: string): number[];
  detokenize(tokens: readonly number[]): string;
}

/** Opens only the vocabulary of a model file, with node-llama-cpp: no weights are loaded. */
export async function openVocabulary(modelPath: string): Promise<Vocabulary> {
  const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
  const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath, vocabOnly: true });
  return {
    tokenize: (text) => model.tokenize(text, true),
    detokenize: (tokens) => model.detokenize(tokens as Token[], true),
  };
}
