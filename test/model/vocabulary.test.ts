import { expect, test } from "vitest";
import { smallestVocabularyCount, specialTokenIds, vocabularyOf } from "../../sdk/model/vocabulary.ts";

test("a vocabulary has as many tokens and kinds as asked, no token twice", () => {
  for (const count of [smallestVocabularyCount, 32_000, 151_936]) {
    const { tokens, kinds } = vocabularyOf(count);
    expect([tokens.length, kinds.length, new Set(tokens).size]).toEqual([count, count, count]);
  }
});

test("a vocabulary holds the special tokens, every byte, the space and words", () => {
  const { tokens, kinds } = vocabularyOf(400);
  expect(Object.values(specialTokenIds).map((id) => tokens[id])).toEqual(["<unk>", "<s>", "</s>"]);
  expect(kinds.filter((kind) => kind === 6)).toHaveLength(256);
  expect([tokens[4], tokens[259]]).toEqual(["<0x00>", "<0xFF>"]);
  expect(tokens.slice(260, 265)).toEqual(["▁", "▁ba", "▁be", "▁bi", "▁bo"]);
  expect(tokens.slice(349, 353)).toEqual(["▁zo", "▁zu", "▁baba", "▁babe"]);
});
