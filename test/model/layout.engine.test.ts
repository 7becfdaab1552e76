import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import koffi from "koffi";
import { findEngineLibraries } from "numalab/inference";
import { type Model, readModel, type ShapeSpec, type SyntheticQuant, synthesizeModel } from "numalab/model";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "numalab-layout-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const library = koffi.load(join(findEngineLibraries().folder, "libllama.v0.4.0.so"));
koffi.struct("llama_model_quantize_params", {
  nthread: "int32_t",
  ftype: "int",
  output_tensor_type: "int",
  token_embedding_type: "int",
  switches: koffi.array("bool", 6),
  pointers: koffi.array("void *", 4),
  max_buf_size: "size_t",
});
const defaultParams = library.func("llama_model_quantize_params llama_model_quantize_default_params()") as () => object;
const quantize = library.func(
  "uint32_t llama_model_quantize(const char *from, const char *to, llama_model_quantize_params *params)",
) as (from: string, to: string, params: object) => number;

koffi.proto("void llama_log(int level, const char *text, void *data)");
const setLog = library.func("void llama_log_set(llama_log *callback, void *data)") as (
  log: unknown,
  data: null,
) => void;
setLog(
  koffi.register(() => undefined, "llama_log *"),
  null,
);

/** The numbers of the mixes in llama.h. */
const mixes = { Q4_0: 2, Q8_0: 7 } as const;

async function quantized(model: Model, quant: keyof typeof mixes): Promise<Model> {
  const path = join(folder, "theirs.gguf");
  expect(quantize(model.path, path, { ...defaultParams(), ftype: mixes[quant], nthread: 1 })).toBe(0);
  return readModel(path);
}

const shape: ShapeSpec = {
  architecture: "llama",
  layersCount: 1,
  hiddenSize: 256,
  feedForwardSize: 512,
  headsCount: 4,
  kvHeadsCount: 2,
  vocabularyCount: 512,
};

const shapes: Record<string, ShapeSpec> = {
  "whole blocks everywhere": shape,
  "tied embeddings": { ...shape, architecture: "qwen2", tiedEmbeddings: true },
  "rows too short for Q6_K": { ...shape, hiddenSize: 128 },
  "tied rows too short for Q6_K": {
    ...shape,
    architecture: "qwen2",
    hiddenSize: 896,
    headsCount: 14,
    tiedEmbeddings: true,
  },
  "rows of no whole block": { ...shape, hiddenSize: 80, feedForwardSize: 144 },
  "eight experts": { ...shape, expertsCount: 8, expertsUsedCount: 2 },
  "fused matrices": { ...shape, architecture: "phi3" },
  "an encoder": { ...shape, architecture: "bert", kvHeadsCount: 4 },
  "latent attention": {
    ...shape,
    architecture: "deepseek2",
    layersCount: 2,
    rotarySize: 16,
    keyValueLatentSize: 64,
    expertsCount: 4,
    expertsUsedCount: 2,
    sharedExpertsCount: 1,
    denseLayersCount: 1,
  },
};

test.for(Object.entries(shapes))(
  "of %s, every tensor is stored as llama.cpp's own quantizer stores it",
  async ([, shape]) => {
    const synthesize = (quant: SyntheticQuant) =>
      synthesizeModel({ shape, quant, randomSeed: 1, path: join(folder, `ours-${quant}.gguf`) });
    const whole = await synthesize("F16");
    for (const quant of ["Q4_0", "Q8_0"] as const) {
      const [ours, theirs] = [await synthesize(quant), await quantized(whole, quant)];
      const formatsOf = ({ tensors }: Model) => tensors.map(({ name, type, bytes }) => [name, type, bytes]).sort();
      expect(formatsOf(ours)).toEqual(formatsOf(theirs));
      expect([ours.quant, ours.bytesPerToken]).toEqual([theirs.quant, theirs.bytesPerToken]);
      expect(theirs.synthetic).toBe(true);
    }
  },
);
