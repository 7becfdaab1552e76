import { EngineError } from "../errors.ts";
import type { Handle, LlamaLibrary } from "./native.ts";

/** Text to tokens and back, by the model file's own vocabulary. */
export interface Vocabulary {
  readonly tokensCount: number;
  /** The tokens of `text`; with `special`, names of special tokens in it are these tokens. */
  tokenize(text: string, options: { readonly special: boolean }): Int32Array;
  /** The bytes that a token stands for; several tokens may make up one character. */
  pieceOf(token: number): Uint8Array;
  isEnd(token: number): boolean;
}

/** A text has at most so many tokens more than bytes: those that the model begins and ends every text with. */
const addedTokensCount = 8;
const pieceBytes = 1024;

/** Opens the vocabulary of a loaded model. */
export function openVocabulary(llama: LlamaLibrary, model: Handle): Vocabulary {
  const handle = llama.llama_model_get_vocab(model);
  const piece = Buffer.alloc(pieceBytes);
  return {
    tokensCount: llama.llama_vocab_n_tokens(handle),
    isEnd: (token) => llama.llama_vocab_is_eog(handle, token),
    pieceOf(token) {
      const length = llama.llama_token_to_piece(handle, token, piece, pieceBytes, 0, true);
      return piece.subarray(0, Math.max(0, length));
    },
    tokenize(text, { special }) {
      const bytes = Buffer.from(text);
      const tokens = new Int32Array(bytes.length + addedTokensCount);
      const count = llama.llama_tokenize(handle, bytes, bytes.length, tokens, tokens.length, true, special);
      if (count >= 0) return tokens.subarray(0, count);
      throw new EngineError("decode-failed", `A text of ${bytes.length} bytes has more tokens than bytes. Shorten it.`);
    },
  };
}
