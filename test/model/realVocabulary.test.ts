import { join } from "node:path";
import { expect, test } from "vitest";
import { planSynthesis } from "../../sdk/model/plan.ts";
import { readVocabulary } from "../../sdk/model/realVocabulary.ts";
import { readGguf } from "../../sdk/model/storedModel.ts";
import { synthesizeModel } from "../../sdk/model/synthesis.ts";
import { codeOf, leastMetadata, smallShape, temporaryFolder, writeGguf } from "./fixtures.ts";

const request = { shape: smallShape, quant: "F16", randomSeed: 1 } as const;

test("a model gets the vocabulary of another file, byte for byte, with a row for each token", async () => {
  const folder = temporaryFolder();
  const other = await synthesizeModel({
    ...request,
    shape: { ...smallShape, vocabularyCount: 700 },
    path: join(folder, "Words.gguf"),
  });
  const model = await synthesizeModel({ ...request, vocabulary: other.path, folder });
  expect(model.name).toBe("llama 2x64, vocabulary of Words (synthetic)");
  expect(model.path).toBe(join(folder, "llama-2x64-words-vocabulary-f16-synthetic.gguf"));
  expect([model.vocabularyCount, model.tensors[0]?.dimensions]).toEqual([700, [64, 700]]);
  const wordsOf = async (path: string) =>
    (await readGguf(path)).metadata.filter(({ key }) => key.startsWith("tokenizer."));
  expect(await wordsOf(model.path)).toEqual(await wordsOf(other.path));
});

test("a file without tokens, or no file, is refused", async () => {
  const folder = temporaryFolder();
  const empty = writeGguf(join(folder, "empty.gguf"), leastMetadata, []);
  expect(await codeOf(readVocabulary(empty))).toBe("no-such-vocabulary");
  expect(await codeOf(readVocabulary(join(folder, "absent.gguf")))).toBe("unreadable");
});

test("a name that the package's sources do not hold is refused with those they do", async () => {
  const refused = planSynthesis({ ...request, vocabulary: "klingon", folder: "/models" });
  await expect(refused).rejects.toThrow(/There is no vocabulary klingon: pass a GGUF file, or one of .*qwen2/);
});
