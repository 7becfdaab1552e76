import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { findModelPath, findModels, userModelPlaces } from "../../sdk/model/places.ts";
import { codeOf, leastMetadata, temporaryFolder, tensor, writeGguf } from "./fixtures.ts";

const table = tensor("token_embd.weight", [64, 10], "F16");

function write(path: string, metadata: Parameters<typeof writeGguf>[1] = {}, tensors = [table]): string {
  mkdirSync(dirname(path), { recursive: true });
  return writeGguf(path, { ...leastMetadata, ...metadata }, tensors);
}

function writeManifest(path: string, digest: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const layers = [
    { mediaType: "application/vnd.ollama.image.license", digest: `sha256:${"0".repeat(64)}` },
    { digest: `sha256:${digest}`, mediaType: "application/vnd.ollama.image.model", size: 1 },
  ];
  writeFileSync(path, JSON.stringify({ schemaVersion: 2, layers }));
}

test("the places of other programs follow the home folder and the environment", () => {
  const usual = userModelPlaces("/me", {}).map(({ folder }) => folder);
  expect(usual).toEqual([
    "/me/.ollama/models",
    "/usr/share/ollama/.ollama/models",
    "/me/.lmstudio/models",
    "/me/.cache/lm-studio/models",
    "/me/.cache/huggingface/hub",
    "/me/.cache/llama.cpp",
  ]);
  const moved = userModelPlaces("/me", { OLLAMA_MODELS: "/o", HF_HOME: "/h", LLAMA_CACHE: "/l", XDG_CACHE_HOME: "/c" });
  expect(moved.map(({ folder }) => folder)).toEqual([
    "/o",
    "/usr/share/ollama/.ollama/models",
    "/me/.lmstudio/models",
    "/c/lm-studio/models",
    "/h/hub",
    "/l",
  ]);
});

test("models are found in the layouts of Ollama, LM Studio and the Hugging Face cache, each once", async () => {
  const home = temporaryFolder();
  const digest = "ab".repeat(32);
  const blob = write(join(home, ".ollama/models/blobs", `sha256-${digest}`));
  const manifests = join(home, ".ollama/models/manifests/example.org");
  writeManifest(join(manifests, "library/tiny/latest"), digest);
  writeManifest(join(manifests, "somebody/copy/1b"), digest);
  writeManifest(join(manifests, "library/unfetched/latest"), "cd".repeat(32));
  writeManifest(join(manifests, "library/evil/latest"), "../../../etc/passwd");
  writeFileSync(join(manifests, "library/tiny/torn"), "{");
  const studio = write(join(home, ".lmstudio/models/maker/tiny-GGUF/tiny-Q8_0.gguf"));
  const stored = write(join(home, ".cache/huggingface/hub/models--maker--tiny/blobs/0123"));
  const snapshot = join(home, ".cache/huggingface/hub/models--maker--tiny/snapshots/abc/tiny-Q4_0.gguf");
  mkdirSync(dirname(snapshot), { recursive: true });
  symlinkSync(stored, snapshot);
  const places = userModelPlaces(home, {}).filter(({ folder }) => folder.startsWith(home));
  expect((await findModels(places)).map(({ program, name, path }) => [program, name, path])).toEqual([
    ["Hugging Face", "tiny-Q4_0", snapshot],
    ["LM Studio", "tiny-Q8_0", studio],
    ["Ollama", "tiny:latest", blob],
  ]);
});

test("what decodes no tokens is left out, and a split model is found once with all its bytes", async () => {
  const folder = temporaryFolder();
  write(join(folder, "mmproj.gguf"), { "general.type": "mmproj" });
  write(join(folder, "vocabulary.gguf"), {}, []);
  write(join(folder, "embedding.gguf"), { "llama.pooling_type": 1 });
  write(join(folder, "encoder.gguf"), { "llama.attention.causal": false });
  write(join(folder, "lonely-00001-of-00002.gguf"), { "split.count": 2 });
  writeFileSync(join(folder, "torn.gguf"), "GGUF");
  write(join(folder, "big-00001-of-00002.gguf"), { "split.count": 2 });
  write(join(folder, "big-00002-of-00002.gguf"), { "split.no": 1 });
  symlinkSync(folder, join(folder, "loop"));
  const found = await findModels([{ program: "any", layout: "files", folder }]);
  expect(found.map(({ name }) => name)).toEqual(["big"]);
  expect(found[0]!.fileBytes).toBeGreaterThan(2 * 1280);
});

test("a place that does not exist holds no models", async () => {
  expect(await findModels([{ program: "any", layout: "blobs", folder: "/absent" }])).toEqual([]);
});

test("a model of another program is found by its name there, and any other text is a path", async () => {
  const home = temporaryFolder();
  const digest = "ab".repeat(32);
  const blob = write(join(home, ".ollama/models/blobs", `sha256-${digest}`));
  writeManifest(join(home, ".ollama/models/manifests/example.org/library/tiny/1b"), digest);
  const studio = write(join(home, ".lmstudio/models/maker/tiny-Q8_0.gguf"));
  write(join(home, ".lmstudio/models/one/twice.gguf"));
  write(join(home, ".lmstudio/models/two/twice.gguf"));
  const places = userModelPlaces(home, {}).filter(({ folder }) => folder.startsWith(home));
  expect(await findModelPath("ollama:tiny:1b", places)).toBe(blob);
  expect(await findModelPath("lm-studio:tiny-Q8_0", places)).toBe(studio);
  expect(await findModelPath("my.gguf", places)).toBe("my.gguf");
  expect(await codeOf(findModelPath("lm-studio:twice", places))).toBe("no-such-model");
  await expect(findModelPath("ollama:absent", places)).rejects.toThrow("it has ollama:tiny:1b");
});
