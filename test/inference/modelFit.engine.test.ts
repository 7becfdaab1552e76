import { rmSync, truncateSync } from "node:fs";
import { dirname, join } from "node:path";
import { EngineError } from "numalab/inference";
import { editModel, readModel } from "numalab/model";
import { beforeAll, describe, expect, test } from "vitest";
import { startWhole, synthesizeTiny } from "./tinyEngine.ts";

let modelPath: string;

beforeAll(async () => {
  ({ path: modelPath } = await synthesizeTiny());
});

const beside = (name: string) => join(dirname(modelPath), name);

describe("a model that cannot be loaded is refused before native code sees it", () => {
  test("for an architecture that the library does not have", async () => {
    const path = beside("unknown.gguf");
    await editModel(modelPath, { architecture: "nonsense-9" }, { path });
    await expect(startWhole({ modelPath: path })).rejects.toMatchObject({
      code: "model-load-failed",
      facts: { architecture: "nonsense-9" },
    });
  });

  test("for a vocabulary that has not a token for each row of the embedding table", async () => {
    const path = beside("vocabulary.gguf");
    const set = [{ key: "tokenizer.ggml.tokens", type: "string", items: ["<unk>", "a"] }] as const;
    await editModel(modelPath, { set }, { path });
    await expect(startWhole({ modelPath: path })).rejects.toMatchObject({
      code: "model-load-failed",
      facts: { modelCode: "vocabulary-mismatch", tokensCount: 2 },
    });
  });

  test("for weights that are cut off", async () => {
    const path = beside("short.gguf");
    await editModel(modelPath, {}, { path });
    truncateSync(path, (await readModel(path)).fileBytes - 1000);
    await expect(startWhole({ modelPath: path })).rejects.toMatchObject({ facts: { modelCode: "truncated" } });
  });

  test("for a context that memory cannot hold", async () => {
    const huge = startWhole({ modelPath, contextTokensCount: 2_000_000_000 });
    await expect(huge).rejects.toMatchObject({ code: "not-enough-memory" });
    await expect(huge).rejects.toBeInstanceOf(EngineError);
  });
});

test("a model removed while it is mapped goes on being computed", async () => {
  const path = beside("removed.gguf");
  await editModel(modelPath, {}, { path });
  await using engine = await startWhole({ modelPath: path, useMmap: true });
  rmSync(path);
  expect((await engine.decode({ tokensCount: 8 })).tokenSeconds).toHaveLength(8);
});
