import type { GgufEntry } from "./gguf.ts";

/** The kinds of token, as `tokenizer.ggml.token_type` numbers them. */
const kinds = { normal: 1, unknown: 2, control: 3, byte: 6 };

/** A vocabulary as GGUF stores it: the text and the kind of each token. */
export interface Vocabulary {
  readonly tokens: readonly string[];
  readonly kinds: readonly number[];
}

/** The last is there because llama.cpp looks for it in every model whose name tells of Phi-3. */
const specialTokens = ["<unk>", "<s>", "</s>", "<|endoftext|>"];
const byteTokens = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);

/** Where the special tokens lie in the vocabulary. */
export const specialTokenIds = { unknown: 0, begin: 1, end: 2 };

/** How a vocabulary writes a space. */
const space = "▁";

/** A vocabulary below this could not express every text: it needs the special tokens, every byte and the space. */
export const smallestVocabularyCount = specialTokens.length + byteTokens.length + 1;

const consonants = ["b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "y", "z"];
const syllables = consonants.flatMap((letter) => ["a", "e", "i", "o", "u"].map((vowel) => letter + vowel));

/** A pronounceable word for each number: its digits, in a number system of syllables that has no zero. */
function wordOf(number: number): string {
  if (number === 0) return "";
  const digit = (number - 1) % syllables.length;
  return wordOf((number - 1 - digit) / syllables.length) + (syllables[digit] ?? "");
}

/**
 * A vocabulary of so many tokens: the special ones, every byte, and made-up words after a space, of which the first is
 * empty. Any text can be split into it and joined again.
 */
export function vocabularyOf(count: number): Vocabulary {
  const wordsCount = count - specialTokens.length - byteTokens.length;
  const words = Array.from({ length: wordsCount }, (_, number) => space + wordOf(number));
  return {
    tokens: [...specialTokens, ...byteTokens, ...words],
    kinds: [
      kinds.unknown,
      ...specialTokens.slice(1).map(() => kinds.control),
      ...byteTokens.map(() => kinds.byte),
      ...words.map(() => kinds.normal),
    ],
  };
}

/** The metadata that a made-up vocabulary of so many tokens stands in. */
export function vocabularyEntriesOf(count: number): readonly GgufEntry[] {
  const { tokens, kinds } = vocabularyOf(count);
  const id = (role: string, value: number): GgufEntry => ({
    key: `tokenizer.ggml.${role}_token_id`,
    type: "uint32",
    value,
  });
  return [
    { key: "tokenizer.ggml.model", type: "string", value: "llama" },
    { key: "tokenizer.ggml.pre", type: "string", value: "default" },
    { key: "tokenizer.ggml.tokens", type: "string", items: tokens },
    { key: "tokenizer.ggml.token_type", type: "int32", items: kinds },
    id("bos", specialTokenIds.begin),
    id("eos", specialTokenIds.end),
    id("unknown", specialTokenIds.unknown),
  ];
}
