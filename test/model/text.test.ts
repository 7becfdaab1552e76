import { expect, test } from "vitest";
import { readModel } from "../../sdk/model/reading.ts";
import { planSynthesis } from "../../sdk/model/plan.ts";
import { synthesizeModel } from "../../sdk/model/synthesis.ts";
import { formatModel, formatModelList, formatSynthesisPlan } from "../../sdk/model/text.ts";
import { smallShape, temporaryFolder } from "./fixtures.ts";

test("a model is shown with what a token reads", async () => {
  const folder = temporaryFolder();
  const { path } = await synthesizeModel({ shape: smallShape, quant: "Q8_0", randomSeed: 1, folder });
  expect(formatModel(await readModel(path)).replace(folder, "models")).toMatchInlineSnapshot(`
    "name             llama 2x64 (synthetic)
    file             models/llama-2x64-q8_0-synthetic.gguf, 112 KiB
    architecture     llama, 100,160 parameters
    quantization     Q8_0
    stored as        Q8_0 104 KiB in 16 tensors, F32 1.25 KiB in 5 tensors
    layers           2 with hidden size 64
    heads            4 of size 16, 2 for keys and values
    vocabulary       300 tokens
    context          128 tokens
    read per token   84.9 KiB of weights
    cache per token  256 B of context
    weights          random: the speed is real, the text is noise"
  `);
});

test("a plan is shown with its size and the room for it", async () => {
  const plan = await planSynthesis({ preset: "qwen2.5-0.5b", depth: 4, quant: "Q4_0", randomSeed: 1, folder: "/tmp" });
  expect(formatSynthesisPlan({ ...plan, freeBytes: 2 ** 33 })).toMatchInlineSnapshot(
    `"Qwen2.5-0.5B, 4 of 24 layers (synthetic), Q4_0: 108 MiB at /tmp/qwen2.5-0.5b-4-layers-q4_0-synthetic.gguf, where 8 GiB are free"`,
  );
});

test("models are listed in columns", () => {
  const models = [
    { name: "a", path: "/models/a.gguf", fileBytes: 2 ** 30 },
    { name: "longer", path: "/models/longer.gguf", fileBytes: 2 ** 20 },
  ];
  expect(formatModelList(models)).toMatchInlineSnapshot(`
    "a       1 GiB  /models/a.gguf
    longer  1 MiB  /models/longer.gguf"
  `);
  expect(formatModelList([])).toBe("There are no models here yet.");
});
