/** The kinds of token, as `tokenizer.ggml.token_type` numbers them. */
const kinds = { normal: 1, unknown: 2, control: 3, byte: 6 };

/** A vocabulary as GGUF stores it: the text and the kind of each token. */
export interface Vocabulary {
  readonly tokens: readonly string[];
  readonly kinds: readonly number[];
}

const specialTokens = ["<unk>", "<s>", "</s>"];
const byteTokens = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`);

/** Where the special tokens lie in the vocabulary. */
export const specialTokenIds = { unknown: 0, begin: 1, end: 2 };

/** A vocabulary below this could not express every text. */
export const smallestVocabularyCount = specialTokens.length + byteTokens.length;

const consonants = "bdfghjklmnprstvwyz";
const vowels = "aeiou";

/** A pronounceable word for each number: its digits, in a number system of syllables. */
function wordOf(index: number): string {
  const base = consonants.length * vowels.length;
  const digit = index % base;
  const syllable = `${consonants.charAt(Math.floor(digit / vowels.length))}${vowels.charAt(digit % vowels.length)}`;
  return index < base ? syllable : wordOf(Math.floor(index / base)) + syllable;
}

/**
 * A vocabulary of so many tokens: the special ones, every byte, and made-up words, each beginning with a space (▁).
 * Any text can be split into it and joined again.
 */
export function vocabularyOf(count: number): Vocabulary {
  const words = Array.from({ length: count - smallestVocabularyCount }, (_, index) => `▁${wordOf(index)}`);
  return {
    tokens: [...specialTokens, ...byteTokens, ...words],
    kinds: [
      kinds.unknown,
      kinds.control,
      kinds.control,
      ...byteTokens.map(() => kinds.byte),
      ...words.map(() => kinds.normal),
    ],
  };
}
